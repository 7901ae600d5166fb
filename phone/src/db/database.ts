/**
 * What the rest of the phone sees of SQLite: synchronous calls inside the engine's thread (or Node,
 * in tests). Which build of SQLite and which file system stand behind it is `open.ts`'s business.
 */

export type Value = string | number | null;
export type Params = Readonly<Record<string, Value>>;
export type Row = Readonly<Record<string, Value>>;

export interface Database {
  /** Run one statement with `:name` parameters and give its rows as objects. */
  rows<T = Row>(sql: string, params?: Params): T[];
  /** Run one statement for its effect. */
  run(sql: string, params?: Params): void;
  /** Run several statements, without parameters; also the way to create and drop tables. */
  script(sql: string): void;
  /** Run `work` in one transaction: committed when it returns, rolled back when it throws. May nest. */
  transaction<T>(work: () => T): T;
  /** Run `work` while a whole SQLite file can be read under a schema name. Not inside a transaction. */
  attached<T>(file: Uint8Array, work: (schema: string) => T): T;
}

/** The first row of a statement, or undefined. */
export function first<T = Row>(db: Database, sql: string, params?: Params): T | undefined {
  return db.rows<T>(sql, params)[0];
}
