/**
 * SQLite's WebAssembly build behind `Database`. The browser's opener (open.ts) and the tests' (node.ts)
 * share this; either may hand in the `oo1` object of any build that keeps that interface.
 *
 * Statements stay prepared between calls, because preparing costs more than running most of ours.
 * Transactions nest as savepoints: an inner one that throws undoes only itself.
 */
import type init from '@evolu/sqlite-wasm';
import { type Prepared, preparer } from './calls';
import type { Database, Params, Value } from './database';

export type Sqlite3 = Awaited<ReturnType<typeof init>>;
export type Oo1 = InstanceType<Sqlite3['oo1']['DB']>;

const STATEMENTS_MAX = 400;
const ATTACHED = 'handed_in';
const NOTHING = new Uint8Array(0);

/** Calls that the build has and its type declarations leave out. */
interface Undeclared {
  readonly SQLITE_DBCONFIG_ENABLE_QPSG: number;
  sqlite3_db_config(raw: Oo1, what: number, on: number, now: number): number;
  sqlite3_get_autocommit(raw: Oo1): number;
}

export interface WrappedDatabase extends Database {
  /** Let go of the statements and the file. */
  close(): void;
}

/** A `Database` over an open `oo1` database. It owns the database from now on. */
export function wrap(sqlite3: Sqlite3, raw: Oo1): WrappedDatabase {
  const capi = sqlite3.capi as typeof sqlite3.capi & Undeclared;
  const prepareNew = preparer(sqlite3, raw);
  const prepared = new Map<string, Prepared>();
  let depth = 0;
  let hasPlace = false;
  // A plan does not depend on the values of a call; else every new value of a LIMIT would be planned anew.
  raw.checkRc(capi.sqlite3_db_config(raw, capi.SQLITE_DBCONFIG_ENABLE_QPSG, 1, 0));

  function prepare(sql: string): Prepared {
    const known = prepared.get(sql);
    if (known !== undefined) {
      prepared.delete(sql); // to the end: the first entry is the longest unused
      prepared.set(sql, known);
      return known;
    }
    const made = prepareNew(sql);
    prepared.set(sql, made);
    if (prepared.size > STATEMENTS_MAX) {
      const [oldest, longestUnused] = prepared.entries().next().value as [string, Prepared];
      prepared.delete(oldest);
      longestUnused.finalize();
    }
    return made;
  }

  function forgetStatements(which = ''): void {
    for (const [sql, statement] of prepared) {
      if (!sql.includes(which)) continue;
      statement.finalize();
      prepared.delete(sql);
    }
  }

  function undo(statement: string): void {
    // SQLite may have rolled back by itself already, as it does when the disk is full.
    if (capi.sqlite3_get_autocommit(raw) === 0) raw.exec(statement);
  }

  return {
    rows<T>(sql: string, params?: Params): T[] {
      const found: T[] = [];
      prepare(sql).run(params, (names, value) => {
        const row: Record<string, Value> = {};
        for (let n = 0; n < names.length; n += 1) row[names[n] as string] = value(n);
        found.push(row as T);
      });
      return found;
    },

    run(sql: string, params?: Params): void {
      prepare(sql).run(params);
    },

    script(sql: string): void {
      raw.exec(sql);
    },

    transaction<T>(work: () => T): T {
      const [begin, commit, rollback] =
        depth === 0
          ? ['BEGIN IMMEDIATE', 'COMMIT', 'ROLLBACK']
          : [`SAVEPOINT level_${depth}`, `RELEASE level_${depth}`, `ROLLBACK TO level_${depth}; RELEASE level_${depth}`];
      prepare(begin as string).run(undefined);
      depth += 1;
      try {
        const result = work();
        prepare(commit as string).run(undefined);
        return result;
      } catch (error) {
        undo(rollback as string);
        throw error;
      } finally {
        depth -= 1;
      }
    },

    attached<T>(file: Uint8Array, work: (schema: string) => T): T {
      assertReadable(sqlite3, file);
      // Attached once for all: DETACH would make SQLite prepare every statement of the connection again.
      if (!hasPlace) raw.exec(`ATTACH ':memory:' AS ${ATTACHED} KEY ''`); // what is handed in is not encrypted
      hasPlace = true;
      hold(sqlite3, raw, ATTACHED, file, 0); // not as read-only: no write transaction could begin beside it
      try {
        return work(ATTACHED);
      } finally {
        forgetStatements(ATTACHED); // they would hold on to the file
        hold(sqlite3, raw, ATTACHED, NOTHING, sqlite3.capi.SQLITE_DESERIALIZE_RESIZEABLE);
      }
    },

    close(): void {
      forgetStatements();
      raw.close();
    },
  };
}

/** Give a connection a whole SQLite file, in memory, as one of its schemas. */
export function hold(sqlite3: Sqlite3, raw: Oo1, schema: string, file: Uint8Array, flags: number): void {
  const { capi, wasm } = sqlite3;
  const bytes = wasm.allocFromTypedArray(file);
  const all = flags | capi.SQLITE_DESERIALIZE_FREEONCLOSE;
  raw.checkRc(capi.sqlite3_deserialize(raw, schema, bytes, file.byteLength, file.byteLength, all));
}

/** On a connection of its own, because SQLite cannot detach a file that it cannot read. */
function assertReadable(sqlite3: Sqlite3, file: Uint8Array): void {
  const raw = new sqlite3.oo1.DB(':memory:', 'c');
  try {
    hold(sqlite3, raw, 'main', file, sqlite3.capi.SQLITE_DESERIALIZE_READONLY);
    raw.selectValue('SELECT COUNT(*) FROM sqlite_master');
  } finally {
    raw.close();
  }
}
