/** The rooms' named SQL: every statement that is asked for is there, and none stands there for nobody. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { statements } from '../src/db/statements';

const SRC = join(import.meta.dirname, '../src');
const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' });
const named = files.filter((file) => file.endsWith('.sql') && /^-- name: /m.test(readFileSync(join(SRC, file), 'utf8')));

/** Names that the modules of a folder which import the file ask for. */
function asked(sqlFile: string): string[] {
  const [folder, file] = [sqlFile.split('/').slice(0, -1).join('/'), sqlFile.split('/').at(-1)];
  return files
    .filter((one) => one.startsWith(`${folder}/`) && one.endsWith('.ts'))
    .map((one) => readFileSync(join(SRC, one), 'utf8'))
    .filter((text) => text.includes(`'./${file}?raw'`))
    .flatMap((text) => [...text.matchAll(/\bsql\('([a-z_0-9]+)'\)/g)].map(([, name]) => name as string));
}

describe('named statements', () => {
  it('are read by name, without the semicolon', () => {
    const sql = statements('-- A file.\n\n-- name: one\n-- What it gives.\nSELECT 1;\n\n-- name: two\nSELECT 2\n');
    expect(sql('one')).toBe('-- What it gives.\nSELECT 1');
    expect(sql('two')).toBe('SELECT 2');
    expect(() => sql('three')).toThrow('three');
  });

  it('stand in the files of several rooms', () => expect(named.length).toBeGreaterThanOrEqual(3));

  it.each(named)('%s has what its room asks for, and nothing else', (file) => {
    const there = [...readFileSync(join(SRC, file), 'utf8').matchAll(/^-- name: ([a-z_0-9]+)$/gm)].map(([, name]) => name as string);
    expect(new Set(asked(file))).toEqual(new Set(there));
    expect(new Set(there).size).toBe(there.length);
  });
});

/** Statements that are put together from a pack's own tables, or ask whether the key is right before anything is there. */
const COMPOSED = ['db/adapter.ts', 'db/install.ts', 'db/open.ts'];

describe('SQL', () => {
  it.each(files.filter((file) => /\.(ts|svelte)$/.test(file) && !COMPOSED.includes(file)))(
    'stands in files of its own, not in %s',
    (file) => {
      const text = readFileSync(join(SRC, file), 'utf8');
      expect(text).not.toMatch(/['"`]\s*(SELECT\s.*|INSERT( OR \w+)? INTO\s.*|UPDATE \w+ SET\s.*|DELETE FROM \w+.*|WITH \w+ AS \(.*)/);
    },
  );
});
