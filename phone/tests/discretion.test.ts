/** What a list may say, by the vectors that the server answers alike. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { covers, type Discretion } from '../src/views/discretion';

interface Vectors {
  readonly discretion: Discretion;
  readonly day: number;
  readonly cases: readonly { readonly key: string; readonly age_days: number | null; readonly covers: boolean }[];
}
const vectors = JSON.parse(readFileSync(new URL('../../contract/vectors/discretion.json', import.meta.url), 'utf8')) as Vectors;

it.each(vectors.cases)('$key at $age_days days: $covers', ({ key, age_days, covers: expected }) => {
  const birthDay = age_days === null ? null : vectors.day - age_days;
  expect(covers(vectors.discretion, key, birthDay, vectors.day)).toBe(expected);
});
