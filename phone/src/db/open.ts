/**
 * Opening the phone's database: SQLite compiled to WebAssembly, on the browser's origin-private file
 * system, every page encrypted with ChaCha20-Poly1305 under the phone's data key.
 *
 * One worker of one window holds the files at a time; `lock.ts` decides which.
 */
import sqlite3InitModule from '@evolu/sqlite-wasm';
import wasmUrl from '@evolu/sqlite-wasm/sqlite3.wasm?url';
import { fault } from '../domain/fault';
import { wrap, type Sqlite3, type WrappedDatabase } from './adapter';

const DIRECTORY = '.hodi';
const FILE = '/hodi.db';
const VFS = 'multipleciphers-opfs-sahpool';
const RETRY_MS = 2_000;
const RETRY_EVERY_MS = 100;

const SQLITE_FULL = 13;
const SQLITE_IOERR = 10;
const SQLITE_CORRUPT = 11;
const SQLITE_NOTADB = 26;

type Pool = Awaited<ReturnType<Sqlite3['installOpfsSAHPoolVfs']>>;

export interface Store {
  /** Open (or create) the database under a raw 256-bit key, in hexadecimal. */
  readonly open: (keyHex: string) => WrappedDatabase;
  /** Remove the database file. */
  readonly wipe: () => Promise<void>;
  /** Give the files back, so that another window can take them. */
  readonly release: () => void;
}

let starting: Promise<Sqlite3> | undefined;
let installed: Pool | undefined;

/** Start SQLite's code; called early, so that it is ready when the PIN has been typed. */
export function warmUp(): Promise<Sqlite3> {
  starting ??= (sqlite3InitModule as unknown as (options: object) => Promise<Sqlite3>)({
    locateFile: () => wasmUrl,
    print: () => undefined,
    printErr: () => undefined,
  });
  return starting;
}

/**
 * Take the files. For two seconds a refusal counts as the worker of a page just closed that has not
 * quite gone; after that it is `other_tab`. `no_storage` where the browser has no such file system.
 */
export async function takeStore(): Promise<Store> {
  const scope = globalThis as { FileSystemFileHandle?: { prototype: object } };
  if (!scope.FileSystemFileHandle || !('createSyncAccessHandle' in scope.FileSystemFileHandle.prototype)) {
    throw fault('no_storage');
  }
  const sqlite = await warmUp();
  const pool = (installed ??= await patiently(() => installPool(sqlite)));
  if (pool.isPaused()) await patiently(() => pool.unpauseVfs()); // given back before, to another window
  return {
    open: (keyHex) => open(sqlite, pool, keyHex),
    wipe: async () => void (await pool.wipeFiles()),
    release: () => void pool.pauseVfs(),
  };
}

/**
 * Install the file pool. When the library cannot take every file handle it "cleans up" by removing its
 * directory, which is where the records are: while it starts, that removal is refused.
 */
async function installPool(sqlite: Sqlite3): Promise<Pool> {
  const prototype = FileSystemDirectoryHandle.prototype;
  const removeEntry = prototype.removeEntry;
  prototype.removeEntry = function guarded(this: FileSystemDirectoryHandle, name, options) {
    if (options?.recursive) return Promise.reject(new DOMException('records are kept', 'NoModificationAllowedError'));
    return removeEntry.call(this, name, options);
  };
  try {
    return await sqlite.installOpfsSAHPoolVfs({
      directory: DIRECTORY,
      initialCapacity: 6,
      verbosity: 0,
      forceReinitIfPreviouslyFailed: true,
    } as Parameters<Sqlite3['installOpfsSAHPoolVfs']>[0]);
  } finally {
    prototype.removeEntry = removeEntry;
  }
}

async function patiently<T>(attempt: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + RETRY_MS;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      const held = error instanceof DOMException && error.name === 'NoModificationAllowedError';
      if (!held) throw fault('no_storage', String(error));
      if (Date.now() > deadline) throw fault('other_tab');
      await new Promise((resolve) => setTimeout(resolve, RETRY_EVERY_MS));
    }
  }
}

function open(sqlite: Sqlite3, pool: Pool, keyHex: string): WrappedDatabase {
  const raw = new pool.OpfsSAHPoolDb(`file:${FILE}?vfs=${VFS}`);
  try {
    raw.exec(`PRAGMA cipher='chacha20'; PRAGMA key="x'${keyHex}'";`);
    raw.exec('PRAGMA temp_store=MEMORY; PRAGMA journal_mode=TRUNCATE; PRAGMA synchronous=FULL; PRAGMA cache_size=-16000;');
    raw.selectValue('SELECT count(*) FROM sqlite_master');
  } catch (error) {
    raw.close();
    throw asFault(error);
  }
  return wrap(sqlite, raw);
}

/** What SQLite complains of, as a code of the catalogue; anything else unchanged. */
export function asFault(error: unknown): unknown {
  const code = (error as { resultCode?: number }).resultCode;
  if (code === undefined) return error;
  const primary = code & 0xff;
  if (primary === SQLITE_FULL || primary === SQLITE_IOERR) return fault('disk_full', `sqlite ${code}`);
  if (primary === SQLITE_CORRUPT || primary === SQLITE_NOTADB) return fault('store_damaged', `sqlite ${code}`);
  return error;
}
