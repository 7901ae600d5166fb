/**
 * The tables of a phone: its own (schema.sql), and those of the contract, which come with the content
 * pack together with their reference rows. Facts outlive a pack; opinions are made anew from them.
 */
import type { Pack } from '../domain/pack';
import type { Database } from './database';
import phoneSchema from './schema.sql?raw';
import { setSetting, setting } from './settings';

const FACTS = new Set(['event', 'observation', 'touched']);

/** Make an empty database a phone's. */
export function install(db: Database, pack: Pack): void {
  db.transaction(() => {
    db.script(phoneSchema);
    for (const statement of pack.schema) db.script(statement);
    fillReference(db, pack);
    keepPack(db, pack);
  });
}

export const isInstalled = (db: Database): boolean =>
  db.rows("SELECT 1 FROM sqlite_master WHERE name = 'setting'").length > 0;

/**
 * Take a newer pack into use: record and reference tables are dropped and made anew, and every household
 * is touched, so that `refold` writes the record again from the facts. All or nothing.
 */
export function changePack(db: Database, pack: Pack, refold: (pack: Pack) => void): void {
  db.transaction(() => {
    const existing = new Set(db.rows<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table'").map((row) => row.name));
    const made = pack.schema.flatMap((statement) => tableOf(statement) ?? []);
    for (const table of made) {
      if (existing.has(table) && !FACTS.has(table)) db.script(`DROP TABLE ${table}`);
    }
    for (const statement of pack.schema) {
      const table = tableOf(statement);
      const [, indexed] = /CREATE (?:UNIQUE )?INDEX \w+ ON (\w+)/i.exec(statement) ?? [];
      const kept = (table !== undefined && FACTS.has(table)) || (indexed !== undefined && FACTS.has(indexed));
      if (!kept) db.script(statement);
    }
    fillReference(db, pack);
    keepPack(db, pack);
    touchEverything(db);
    refold(pack);
  });
}

/** The pack in use, or undefined before the first. Its `reference` is empty: the rows are in tables. */
export function packInUse(db: Database): Pack | undefined {
  const kept = setting(db, 'pack');
  return kept && { ...kept, reference: {} };
}

/** Queue every household for refolding from its first event. */
export function touchEverything(db: Database): void {
  db.run(
    `INSERT INTO touched (unit, household, kind, since_day)
     SELECT DISTINCT unit, household, kind, -100000 FROM event WHERE household IS NOT NULL
     ON CONFLICT (unit, household, kind) DO UPDATE SET since_day = excluded.since_day`,
  );
}

const tableOf = (statement: string): string | undefined => /CREATE TABLE (\w+)/i.exec(statement)?.[1];

function fillReference(db: Database, pack: Pack): void {
  for (const [table, { columns, rows }] of Object.entries(pack.reference)) {
    const values = columns.map((_, n) => `value ->> ${n}`).join(', ');
    db.run(`INSERT INTO ${table} (${columns.join(', ')}) SELECT ${values} FROM json_each(:rows)`, { rows: JSON.stringify(rows) });
  }
}

function keepPack(db: Database, pack: Pack): void {
  const { reference: _, ...kept } = pack;
  setSetting(db, 'pack', kept);
}
