/**
 * A sealed secret: encrypted under a key that somebody brings, and again under a key that this browser keeps
 * and never hands out. Copying what is stored to another machine is therefore not enough to try PINs there,
 * unless the browser's whole profile is copied.
 */
import { argon2id } from 'hash-wasm';

export type Bytes = Uint8Array<ArrayBuffer>;

export interface Sealed {
  /** The browser's own key, which cannot be exported. */
  readonly deviceKey: CryptoKey;
  /** Nonces of the two layers. */
  readonly inner: Bytes;
  readonly outer: Bytes;
  readonly sealed: ArrayBuffer;
}

/** How a key comes from a PIN. Phones of the first release have `pbkdf2`, as a bare number of iterations. */
export interface Argon2 {
  readonly memory_kib: number;
  readonly passes: number;
}

/** Half a second on a phone with 2 GB, as long as PBKDF2 with 210,000 rounds took (docs/decisions/010). */
export const ARGON2: Argon2 = { memory_kib: 32_768, passes: 3 };

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const AES = { name: 'AES-GCM', length: 256 } as const;

export const random = (bytes: number): Bytes => crypto.getRandomValues(new Uint8Array(bytes));

/** The key that a PIN gives, with Argon2id. */
export async function keyOfPin(pin: string, salt: Bytes, { memory_kib, passes }: Argon2): Promise<CryptoKey> {
  const bytes = await argon2id({
    password: pin,
    salt,
    parallelism: 1,
    iterations: passes,
    memorySize: memory_kib,
    hashLength: KEY_BYTES,
    outputType: 'binary',
  });
  return keyOf(bytes as Bytes);
}

/** The key that a PIN gave on phones of the first release, with PBKDF2-HMAC-SHA-512. */
export async function oldKeyOfPin(pin: string, salt: Bytes, iterations: number): Promise<CryptoKey> {
  const material = await crypto.subtle.importKey('raw', new TextEncoder().encode(pin), 'PBKDF2', false, ['deriveKey']);
  return crypto.subtle.deriveKey({ name: 'PBKDF2', hash: 'SHA-512', salt, iterations }, material, AES, false, ['encrypt', 'decrypt']);
}

/** A key from its 256 bits. */
export const keyOf = (bytes: Bytes): Promise<CryptoKey> => crypto.subtle.importKey('raw', bytes, AES, false, ['encrypt', 'decrypt']);

export async function seal(secret: Bytes, key: CryptoKey): Promise<Sealed> {
  const [inner, outer] = [random(NONCE_BYTES), random(NONCE_BYTES)];
  const deviceKey = await crypto.subtle.generateKey(AES, false, ['encrypt', 'decrypt']);
  const once = await crypto.subtle.encrypt({ name: AES.name, iv: inner }, key, secret);
  return { deviceKey, inner, outer, sealed: await crypto.subtle.encrypt({ name: AES.name, iv: outer }, deviceKey, once) };
}

/** The secret; undefined if the key is not right. Throws where the browser's own layer does not open. */
export async function unseal({ deviceKey, inner, outer, sealed }: Sealed, key: CryptoKey): Promise<Bytes | undefined> {
  const once = await crypto.subtle.decrypt({ name: AES.name, iv: outer }, deviceKey, sealed);
  const secret = await crypto.subtle.decrypt({ name: AES.name, iv: inner }, key, once).catch(() => undefined);
  return secret && new Uint8Array(secret);
}
