/**
 * A prepared statement, driven by the functions of SQLite's WebAssembly build themselves. The calls of its
 * JavaScript interface check and convert each argument once more, which costs more than most of our statements.
 */
import type { Oo1, Sqlite3 } from './adapter';
import type { Params, Value } from './database';

/** The functions of the build that are used here; numbers are pointers, or as C has them. */
interface Exports {
  sqlite3_bind_double(statement: number, n: number, value: number): number;
  sqlite3_bind_int(statement: number, n: number, value: number): number;
  sqlite3_bind_int64(statement: number, n: number, value: bigint): number;
  sqlite3_bind_null(statement: number, n: number): number;
  sqlite3_bind_text(statement: number, n: number, text: number, bytes: number, free: number): number;
  sqlite3_column_bytes(statement: number, n: number): number;
  sqlite3_column_double(statement: number, n: number): number;
  sqlite3_column_text(statement: number, n: number): number;
  sqlite3_column_type(statement: number, n: number): number;
  sqlite3_reset(statement: number): number;
  sqlite3_step(statement: number): number;
  sqlite3_stmt_status(statement: number, what: number, reset: number): number;
}

/** What the build has and its type declarations leave out. */
interface Undeclared {
  readonly SQLITE_STMTSTATUS_REPREPARE: number;
  readonly SQLITE_WASM_DEALLOC: number;
  sqlite3_bind_parameter_name(statement: ReturnType<Oo1['prepare']>, n: number): string | null;
}

export interface Prepared {
  /** Run to the end; `row` takes each row. */
  readonly run: (params: Params | undefined, row?: (names: readonly string[], value: (column: number) => Value) => void) => void;
  readonly finalize: () => void;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const isInt32 = (value: number): boolean => value === (value | 0);

/** Gives what prepares a statement of a connection. */
export function preparer(sqlite3: Sqlite3, raw: Oo1): (sql: string) => Prepared {
  const { wasm } = sqlite3;
  const capi = sqlite3.capi as typeof sqlite3.capi & Undeclared;
  const calls = wasm.exports as Exports;
  const { SQLITE_ROW, SQLITE_DONE, SQLITE_INTEGER, SQLITE_FLOAT, SQLITE_NULL, SQLITE_STMTSTATUS_REPREPARE, SQLITE_WASM_DEALLOC } = capi;

  function bind(statement: number, n: number, value: Value): number {
    if (value === null) return calls.sqlite3_bind_null(statement, n);
    if (typeof value === 'string') {
      const bytes = encoder.encode(value);
      const at = wasm.alloc(bytes.byteLength || 1) as number;
      wasm.heap8u().set(bytes, at);
      return calls.sqlite3_bind_text(statement, n, at, bytes.byteLength, SQLITE_WASM_DEALLOC);
    }
    if (isInt32(value)) return calls.sqlite3_bind_int(statement, n, value);
    if (Number.isSafeInteger(value)) return calls.sqlite3_bind_int64(statement, n, BigInt(value));
    return calls.sqlite3_bind_double(statement, n, value);
  }

  function column(statement: number, n: number): Value {
    switch (calls.sqlite3_column_type(statement, n)) {
      case SQLITE_INTEGER: // a double is exact for ours, which have 53 bits
      case SQLITE_FLOAT:
        return calls.sqlite3_column_double(statement, n);
      case SQLITE_NULL:
        return null;
      default: {
        const at = calls.sqlite3_column_text(statement, n);
        return decoder.decode(wasm.heap8u().subarray(at, at + calls.sqlite3_column_bytes(statement, n)));
      }
    }
  }

  return (sql) => {
    const prepared = raw.prepare(sql);
    const statement = prepared.pointer as number;
    const parameters: string[] = [];
    for (let n = 1; n <= prepared.parameterCount; n += 1) parameters.push((capi.sqlite3_bind_parameter_name(prepared, n) ?? '').slice(1));
    let names: readonly string[] | undefined;
    let namedAt = -1;
    const value = (n: number): Value => column(statement, n);

    /** SQLite prepares a statement again by itself when the schema has changed: its columns may be others then. */
    function columnNames(): readonly string[] {
      const times = calls.sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_REPREPARE, 0);
      if (names === undefined || times !== namedAt) names = prepared.getColumnNames();
      namedAt = times;
      return names;
    }

    return {
      run(params, row) {
        try {
          for (let n = 0; n < parameters.length; n += 1) {
            const name = parameters[n] as string;
            const given: Value | undefined = params?.[name];
            if (given === undefined) throw new Error(`no value for :${name}`);
            const code = bind(statement, n + 1, given);
            if (code !== 0) raw.checkRc(code);
          }
          let code: number;
          let named: readonly string[] | undefined; // known after the first step
          while ((code = calls.sqlite3_step(statement)) === SQLITE_ROW) row?.((named ??= columnNames()), value);
          if (code !== SQLITE_DONE) raw.checkRc(code);
        } finally {
          calls.sqlite3_reset(statement);
        }
      },
      finalize: () => void prepared.finalize(),
    };
  };
}
