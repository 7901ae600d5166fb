/**
 * What lists keep to themselves, on this phone as at the server (hodi/content/discretion.py): whoever looks
 * over her shoulder reads that something waits, not what. The person's own page says it.
 */
import { completedYears } from '../domain/ages';
import type { Pack } from '../domain/pack';
import type { Reason } from './daylist';

export type Discretion = Pack['discretion'];

/** Whether a list must not name `key` (`signal.<code>`, `task.<code>`, `referral_reason.<code>`, `concept.<name>`) of somebody born on `birthDay`, known since `day`. */
export function covers(discretion: Discretion, key: string, birthDay: number | null, day: number | null): boolean {
  // Whose age is not known may be a minor.
  const minor = birthDay === null || day === null || completedYears(birthDay, day) < discretion.minor_years;
  return discretion.always.includes(key) || (minor && discretion.minors.includes(key));
}

/** A reason to call that says neither who nor what; a person has one such line at most. */
export function discreet<Row extends Reason & { readonly household: number }>(
  discretion: Discretion,
  rows: readonly Row[],
): readonly Row[] {
  const said = new Set<string>();
  return rows.flatMap((row) => {
    const named = row.what === 'signal' || row.what === 'task';
    if (!named || !covers(discretion, `${row.what}.${row.code}`, row.birth_day, row.since)) return [row];
    const whose = `${row.household} ${row.person}`;
    if (said.has(whose)) return [];
    said.add(whose);
    return [
      {
        ...row,
        what: 'confidential',
        code: '',
        episode: 0,
        detail: null,
        number_1: null,
        number_2: null,
        given_name: null,
        family_name: null,
      },
    ];
  });
}
