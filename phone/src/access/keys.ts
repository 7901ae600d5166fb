/**
 * The phone's data key. It is random and never stored bare: it is sealed with a key derived from the PIN,
 * and that seal again with a key that this browser keeps and never hands out. Copying the database and the
 * seal to another machine is therefore not enough to try PINs there.
 *
 * Wrong PINs are counted before they are tried, so that closing the app does not win a free try, and each
 * further one costs a longer wait. The PIN itself is stored nowhere.
 */
import { fault } from '../domain/fault';

const DATABASE = 'hodi-keys';
const SHELF = 'keys';
const VAULT = 'vault';
const TRIES = 'tries';
const ITERATIONS = 210_000; // PBKDF2-HMAC-SHA-512, as OWASP's Password Storage Cheat Sheet asks
const FREE_TRIES = 4;
const WAITS_S = [30, 60, 120, 300, 900] as const;

interface Vault {
  readonly salt: Uint8Array<ArrayBuffer>;
  readonly iterations: number;
  readonly deviceKey: CryptoKey;
  readonly inner: Uint8Array<ArrayBuffer>; // nonce of the PIN's seal
  readonly outer: Uint8Array<ArrayBuffer>; // nonce of the browser's seal
  readonly sealed: ArrayBuffer;
}

interface Tries {
  readonly failed: number;
  readonly lastAt: number;
}

/** Whether this phone has a data key yet. */
export const hasKey = async (): Promise<boolean> => (await read<Vault>(VAULT)) !== undefined;

/** Make a data key under a PIN and give it, in hexadecimal. An earlier one is forgotten. */
export async function makeKey(pin: string): Promise<string> {
  const data = crypto.getRandomValues(new Uint8Array(32));
  await write(VAULT, await seal(data, pin));
  await remove(TRIES);
  return hex(data);
}

/** The data key, in hexadecimal. Faults: `wrong_pin`, `too_many_tries` (with the wait), `store_damaged`. */
export async function openKey(pin: string, now: number): Promise<string> {
  return hex(await unseal(pin, now));
}

/** Put the data key under another PIN. */
export async function changePin(oldPin: string, newPin: string, now: number): Promise<void> {
  await write(VAULT, await seal(await unseal(oldPin, now), newPin));
}

/** Forget the data key: what it encrypted can never be read again. */
export async function destroyKey(): Promise<void> {
  await remove(VAULT);
  await remove(TRIES);
}

/** How long until another PIN may be tried, in ms. */
export async function waitMs(now: number): Promise<number> {
  const tries = await read<Tries>(TRIES);
  if (tries === undefined || tries.failed <= FREE_TRIES) return 0;
  const waitS = WAITS_S[Math.min(tries.failed - FREE_TRIES, WAITS_S.length) - 1] as number;
  const since = Math.max(0, now - tries.lastAt); // a clock set back does not lock her out for longer
  return Math.max(0, waitS * 1000 - since);
}

async function unseal(pin: string, now: number): Promise<Uint8Array<ArrayBuffer>> {
  const vault = await read<Vault>(VAULT);
  if (vault === undefined) throw fault('store_damaged', 'no key');
  const wait = await waitMs(now);
  if (wait > 0) throw fault('too_many_tries', undefined, wait);
  const failed = (await read<Tries>(TRIES))?.failed ?? 0;
  // Deriving takes longest; the try is counted meanwhile, and before anybody learns whether it was right.
  const [pinKey] = await Promise.all([
    derive(pin, vault.salt, vault.iterations),
    write(TRIES, { failed: failed + 1, lastAt: now } satisfies Tries),
  ]);
  const pinSealed = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: vault.outer }, vault.deviceKey, vault.sealed).catch(() => {
    throw fault('store_damaged', 'device key');
  });
  const data = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: vault.inner }, pinKey, pinSealed).catch(() => undefined);
  if (data === undefined) throw fault('wrong_pin', undefined, await waitMs(now));
  void remove(TRIES); // nothing waits for it: a count that stays costs her one try at most
  return new Uint8Array(data);
}

async function seal(data: Uint8Array<ArrayBuffer>, pin: string): Promise<Vault> {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const inner = crypto.getRandomValues(new Uint8Array(12));
  const outer = crypto.getRandomValues(new Uint8Array(12));
  const deviceKey = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
  const pinKey = await derive(pin, salt, ITERATIONS);
  const pinSealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv: inner }, pinKey, data);
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv: outer }, deviceKey, pinSealed);
  return { salt, iterations: ITERATIONS, deviceKey, inner, outer, sealed };
}

async function derive(pin: string, salt: Uint8Array<ArrayBuffer>, iterations: number): Promise<CryptoKey> {
  const material = await crypto.subtle.importKey('raw', new TextEncoder().encode(pin), 'PBKDF2', false, ['deriveKey']);
  const how = { name: 'PBKDF2', hash: 'SHA-512', salt, iterations };
  return crypto.subtle.deriveKey(how, material, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
}

const hex = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');

// ── the browser's own small store, outside the encrypted database ──

let opening: Promise<IDBDatabase> | undefined;

function openShelf(): Promise<IDBDatabase> {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => void request.result.createObjectStore(SHELF);
    request.onerror = () => reject(fault('no_storage', String(request.error)));
    request.onsuccess = () => resolve(request.result);
  });
  return opening;
}

async function shelf<T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await openShelf();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(SHELF, mode, { durability: 'strict' });
    const request = work(transaction.objectStore(SHELF));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = () => reject(fault('disk_full', String(transaction.error)));
  });
}

const read = <T>(name: string): Promise<T | undefined> => shelf('readonly', (store) => store.get(name) as IDBRequest<T | undefined>);
const write = (name: string, value: unknown): Promise<unknown> => shelf('readwrite', (store) => store.put(value, name));
const remove = (name: string): Promise<unknown> => shelf('readwrite', (store) => store.delete(name));
