/**
 * The content pack in the database. Its reference rows become tables; the rest is kept as JSON and parsed
 * once after unlocking.
 */
import type { Database } from '../db/database';
import type { Pack } from '../domain/pack';
import { readSetting, writeSetting } from './settings';

let parsed: Pack | undefined;

/** The pack this phone works by (without its reference rows, which are tables). */
export function readPack(db: Database): Pack | undefined {
  parsed ??= readSetting<Pack>(db, 'pack');
  return parsed;
}

/** Take a pack into use: its tables, its reference rows, itself. In the caller's transaction. */
export function adoptPack(db: Database, pack: Pack): void {
  const present = new Set(db.rows<{ name: string }>("SELECT name FROM sqlite_master WHERE type IN ('table', 'index')").map(({ name }) => name));
  for (const statement of pack.schema) {
    const name = /^\s*CREATE\s+(?:UNIQUE\s+)?(?:TABLE|INDEX)\s+(\w+)/im.exec(statement)?.[1];
    if (name === undefined || !present.has(name)) db.script(statement);
  }
  for (const [table, { columns, rows }] of Object.entries(pack.reference)) {
    const picks = columns.map((_, n) => `json_extract(value, '$[${n}]')`).join(', ');
    db.run(`DELETE FROM ${table}`);
    db.run(`INSERT INTO ${table} (${columns.join(', ')}) SELECT ${picks} FROM json_each(:rows)`, { rows: JSON.stringify(rows) });
  }
  parsed = { ...pack, schema: [], reference: {} };
  writeSetting(db, 'pack', parsed);
}
