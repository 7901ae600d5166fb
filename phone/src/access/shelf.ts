/** The browser's own small store, outside the encrypted database: what must be read before the PIN is known. */
import { fault } from '../domain/fault';

/** A few named values. Writing resolves when it is on the disk. */
export interface Shelf {
  readonly read: <T>(name: string) => Promise<T | undefined>;
  readonly write: (name: string, value: unknown) => Promise<unknown>;
  readonly remove: (name: string) => Promise<unknown>;
}

const DATABASE = 'hodi-keys';
const STORE = 'keys';

let opening: Promise<IDBDatabase> | undefined;

function openDatabase(): Promise<IDBDatabase> {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => void request.result.createObjectStore(STORE);
    request.onerror = () => reject(fault('no_storage', String(request.error)));
    request.onsuccess = () => resolve(request.result);
  });
  return opening;
}

async function within<T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await openDatabase();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(STORE, mode, { durability: 'strict' });
    const request = work(transaction.objectStore(STORE));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = () => reject(fault('disk_full', String(transaction.error)));
  });
}

/** The shelf in this browser's profile. */
export const browserShelf: Shelf = {
  read: <T>(name: string) => within('readonly', (store) => store.get(name) as IDBRequest<T | undefined>),
  write: (name, value) => within('readwrite', (store) => store.put(value, name)),
  remove: (name) => within('readwrite', (store) => store.delete(name)),
};
