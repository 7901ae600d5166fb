/**
 * The tables of a phone: its own (schema.sql), and those of the contract, which come with the content
 * pack together with their reference rows. Facts outlive a pack; opinions are made anew from them.
 */
import type { Pack } from '../domain/pack';
import type { Database } from './database';
import olderPack from './older_pack.sql?raw';
import queries from './queries.sql?raw';
import phoneSchema from './schema.sql?raw';
import { setSetting, setting } from './settings';
import { statements } from './statements';

const sql = statements(queries);

const FACTS = new Set(['event', 'observation', 'touched', 'place_fact']);

/** Make an empty database a phone's. */
export function install(db: Database, pack: Pack): void {
  db.transaction(() => {
    db.script(phoneSchema);
    for (const statement of pack.schema) db.script(statement);
    fillReference(db, pack, marksOf(pack), () => false);
    keepPack(db, pack);
  });
}

const tablesOf = (db: Database): ReadonlySet<string> => new Set(db.rows<{ name: string }>(sql('tables')).map((row) => row.name));

export const isInstalled = (db: Database): boolean => tablesOf(db).has('setting');

/**
 * Take a newer pack into use: record tables (and reference tables that have changed) are dropped and made
 * anew, and every household is touched, so that `refold` writes the record again from the facts. All or nothing.
 */
export function changePack(db: Database, pack: Pack, refold: (pack: Pack) => void): void {
  const marks = marksOf(pack);
  db.transaction(() => {
    const filled = setting(db, 'reference') ?? {};
    const existing = tablesOf(db);
    const isFilled = (table: string): boolean => marks[table] !== undefined && filled[table] === marks[table];
    const stays = (table: string): boolean => existing.has(table) && (FACTS.has(table) || isFilled(table));
    for (const statement of pack.schema) {
      const table = tableOf(statement);
      if (table !== undefined && existing.has(table) && !stays(table)) db.script(`DROP TABLE ${table}`);
    }
    for (const statement of pack.schema) {
      const table = tableOf(statement) ?? indexedBy(statement);
      if (table === undefined || !stays(table)) db.script(statement);
    }
    fillReference(db, pack, marks, stays);
    keepPack(db, pack);
    touchEverything(db);
    refold(pack);
  });
}

/** The pack in use, or undefined before the first. Its `reference` is empty: the rows are in tables. */
export function packInUse(db: Database): Pack | undefined {
  const kept = setting(db, 'pack');
  return kept && { ...kept, tasks: kept.tasks ?? [], reference: {} };
}

/** What screens read and a pack of an earlier release has not brought yet: empty, until a newer pack does. */
export const bridgeOlderPack = (db: Database): void => db.script(olderPack);

/** Queue every household for refolding from its first event. */
export function touchEverything(db: Database): void {
  db.run(sql('touch_everything'));
}

const tableOf = (statement: string): string | undefined => /CREATE TABLE (\w+)/i.exec(statement)?.[1];
const indexedBy = (statement: string): string | undefined => /CREATE (?:UNIQUE )?INDEX \w+ ON (\w+)/i.exec(statement)?.[1];

type Marks = Readonly<Record<string, string>>;

/** A mark of the rows and the shape of each reference table, by which one that stays the same is known. */
function marksOf(pack: Pack): Marks {
  return Object.fromEntries(
    Object.entries(pack.reference).map(([table, content]) => {
      const text = `${pack.schema.find((statement) => tableOf(statement) === table)} ${JSON.stringify(content)}`;
      let mark = 0x811c9dc5; // FNV-1a
      for (let n = 0; n < text.length; n += 1) mark = Math.imul(mark ^ text.charCodeAt(n), 0x01000193);
      return [table, `${text.length} ${mark >>> 0}`];
    }),
  );
}

function fillReference(db: Database, pack: Pack, marks: Marks, stays: (table: string) => boolean): void {
  for (const [table, { columns, rows }] of Object.entries(pack.reference)) {
    if (stays(table)) continue;
    const values = columns.map((_, n) => `value ->> ${n}`).join(', ');
    db.run(`INSERT INTO ${table} (${columns.join(', ')}) SELECT ${values} FROM json_each(:rows)`, { rows: JSON.stringify(rows) });
  }
  setSetting(db, 'reference', marks);
}

function keepPack(db: Database, pack: Pack): void {
  const { reference: _, ...kept } = pack;
  setSetting(db, 'pack', kept);
}
