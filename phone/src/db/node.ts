/** The phone's SQLite in Node, in memory: for the tests, which run the phone's own code on it. */
import init from '@evolu/sqlite-wasm';
import { type Sqlite3, type WrappedDatabase, hold, wrap } from './adapter';

let loading: Promise<Sqlite3> | undefined;

export interface MemoryDatabase extends WrappedDatabase {
  /** The database as a whole SQLite file. */
  readonly image: () => Uint8Array;
}

/** Opens databases in memory, each empty or a copy of `image` (a whole SQLite file). */
export type OpenMemory = (image?: Uint8Array) => MemoryDatabase;

/** SQLite, loaded once. */
export async function loadSqlite(): Promise<OpenMemory> {
  loading ??= init();
  const sqlite3 = await loading;
  return (image) => {
    const raw = new sqlite3.oo1.DB(':memory:', 'c');
    if (image !== undefined) hold(sqlite3, raw, 'main', image, sqlite3.capi.SQLITE_DESERIALIZE_RESIZEABLE);
    raw.exec('PRAGMA temp_store=MEMORY');
    return { ...wrap(sqlite3, raw), image: () => sqlite3.capi.sqlite3_js_db_export(raw) };
  };
}

/** One database in memory, empty. */
export async function openMemory(): Promise<WrappedDatabase> {
  return (await loadSqlite())();
}
