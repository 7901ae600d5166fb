/**
 * SQLite's WebAssembly build behind `Database`. The browser's opener (open.ts) and the tests' (node.ts)
 * share this; either may hand in the `oo1` object of any build that keeps that interface.
 *
 * Statements stay prepared between calls, because preparing costs more than running most of ours.
 * Transactions nest as savepoints: an inner one that throws undoes only itself.
 */
import type init from '@evolu/sqlite-wasm';
import type { Database, Params, Value } from './database';

export type Sqlite3 = Awaited<ReturnType<typeof init>>;
export type Oo1 = InstanceType<Sqlite3['oo1']['DB']>;
type Statement = ReturnType<Oo1['prepare']>;

interface Prepared {
  readonly statement: Statement;
  readonly parameters: readonly string[];
}

const STATEMENTS_MAX = 400;
const ATTACHED = 'handed_in';

/** Calls that the build has and its type declarations leave out. */
interface Undeclared {
  sqlite3_bind_parameter_name(statement: Statement, n: number): string | null;
  sqlite3_get_autocommit(raw: Oo1): number;
}

export interface WrappedDatabase extends Database {
  /** Let go of the statements and the file. */
  close(): void;
}

/** A `Database` over an open `oo1` database. It owns the database from now on. */
export function wrap(sqlite3: Sqlite3, raw: Oo1): WrappedDatabase {
  const capi = sqlite3.capi as typeof sqlite3.capi & Undeclared;
  const prepared = new Map<string, Prepared>();
  let depth = 0;

  function prepare(sql: string): Prepared {
    const known = prepared.get(sql);
    if (known !== undefined) {
      prepared.delete(sql); // to the end: the first entry is the longest unused
      prepared.set(sql, known);
      return known;
    }
    const statement = raw.prepare(sql);
    const parameters: string[] = [];
    for (let n = 1; n <= statement.parameterCount; n += 1) {
      parameters.push((capi.sqlite3_bind_parameter_name(statement, n) ?? '').slice(1));
    }
    const made = { statement, parameters };
    prepared.set(sql, made);
    if (prepared.size > STATEMENTS_MAX) {
      const [oldest, longestUnused] = prepared.entries().next().value as [string, Prepared];
      prepared.delete(oldest);
      longestUnused.statement.finalize();
    }
    return made;
  }

  function bind({ statement, parameters }: Prepared, params: Params | undefined): void {
    for (let n = 0; n < parameters.length; n += 1) {
      const name = parameters[n] as string;
      const value: Value | undefined = params?.[name];
      if (value === undefined) throw new Error(`no value for :${name}`);
      statement.bind(n + 1, value);
    }
  }

  function forgetStatements(which = ''): void {
    for (const [sql, { statement }] of prepared) {
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
      const { statement, parameters } = prepare(sql);
      try {
        bind({ statement, parameters }, params);
        const found: T[] = [];
        let names: readonly string[] | undefined;
        while (statement.step()) {
          names ??= statement.getColumnNames(); // only now: the schema may have changed since it was prepared
          const row: Record<string, Value> = {};
          for (let n = 0; n < names.length; n += 1) row[names[n] as string] = statement.get(n) as Value;
          found.push(row as T);
        }
        return found;
      } finally {
        statement.reset();
      }
    },

    run(sql: string, params?: Params): void {
      const { statement, parameters } = prepare(sql);
      try {
        bind({ statement, parameters }, params);
        while (statement.step());
      } finally {
        statement.reset();
      }
    },

    script(sql: string): void {
      raw.exec(sql);
    },

    transaction<T>(work: () => T): T {
      const [begin, commit, rollback] =
        depth === 0
          ? ['BEGIN IMMEDIATE', 'COMMIT', 'ROLLBACK']
          : [`SAVEPOINT level_${depth}`, `RELEASE level_${depth}`, `ROLLBACK TO level_${depth}; RELEASE level_${depth}`];
      raw.exec(begin as string);
      depth += 1;
      try {
        const result = work();
        raw.exec(commit as string);
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
      raw.exec(`ATTACH ':memory:' AS ${ATTACHED} KEY ''`); // the file itself is not encrypted
      try {
        hold(sqlite3, raw, ATTACHED, file, 0); // not as read-only: no write transaction could begin beside it
        return work(ATTACHED);
      } finally {
        forgetStatements(ATTACHED); // they would hold on to the file
        raw.exec(`DETACH ${ATTACHED}`);
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
