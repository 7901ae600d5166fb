/**
 * The phone's data key (docs/decisions/010). It is random and never stored bare: it is sealed under a key that
 * Argon2id makes from the PIN, and under a key that this browser keeps and never hands out. A second seal, under
 * a key that the server gives to whoever logs in as her, opens it when the PIN is forgotten.
 *
 * Wrong PINs are counted before they are tried, so that closing the app does not win a free try, and each
 * further one costs a longer wait. The PIN itself is stored nowhere.
 */
import { fault } from '../domain/fault';
import { ARGON2, keyOf, keyOfPin, oldKeyOfPin, random, seal, unseal, type Argon2, type Bytes, type Sealed } from './seal';
import type { Shelf } from './shelf';

const VAULT = 'vault';
const RECOVERY = 'recovery';
const TRIES = 'tries';
const UNSENT = 'unsent';
const FREE_TRIES = 4;
const WAITS_S = [30, 60, 120, 300, 900] as const;
const DATA_KEY_BYTES = 32;
const SALT_BYTES = 16;

interface Vault extends Sealed {
  readonly salt: Bytes;
  readonly argon2?: Argon2;
  /** Of a phone of the first release: rounds of PBKDF2. It is sealed anew when it is next opened. */
  readonly iterations?: number;
}

interface Recovery extends Sealed {
  /** Whose phone it is. */
  readonly account: number;
}

interface Tries {
  readonly failed: number;
  readonly lastAt: number;
}

export interface Keys {
  /** Whether this phone has a data key yet. */
  readonly hasKey: () => Promise<boolean>;
  /** Make a data key under a PIN and give it, in hexadecimal. An earlier one is forgotten. */
  readonly makeKey: (pin: string) => Promise<string>;
  /** The data key, in hexadecimal. Faults: `wrong_pin`, `too_many_tries` (with the wait), `store_damaged`. */
  readonly openKey: (pin: string, now: number) => Promise<string>;
  /** Put the data key under another PIN. Faults as for `openKey`. */
  readonly changePin: (oldPin: string, newPin: string, now: number) => Promise<void>;
  /** Put a known data key under a PIN. */
  readonly putUnderPin: (keyHex: string, pin: string) => Promise<void>;
  /** Seal a data key a second time, under the server's key for this account. */
  readonly prepareRecovery: (keyHex: string, serverKey: Bytes, account: number) => Promise<void>;
  /** Whose phone it is, as far as that is known without the PIN. */
  readonly owner: () => Promise<number | undefined>;
  /** The data key without the PIN. Fault `no_recovery`. */
  readonly recover: (serverKey: Bytes) => Promise<string>;
  /** Forget the data key: what it encrypted can never be read again. */
  readonly destroyKey: () => Promise<void>;
  /** How long until another PIN may be tried, in ms. */
  readonly waitMs: (now: number) => Promise<number>;
  /** How many records wait to be sent, kept where it can be read without the PIN. */
  readonly noteUnsent: (records: number) => Promise<void>;
  readonly unsent: () => Promise<number>;
}

export function keysOn({ read, write, remove }: Shelf): Keys {
  const waitMs = async (now: number): Promise<number> => waitAfter(await read<Tries>(TRIES), now);

  function waitAfter(tries: Tries | undefined, now: number): number {
    if (tries === undefined || tries.failed <= FREE_TRIES) return 0;
    const waitS = WAITS_S[Math.min(tries.failed - FREE_TRIES, WAITS_S.length) - 1] as number;
    const since = Math.max(0, now - tries.lastAt); // a clock set back does not lock her out for longer
    return Math.max(0, waitS * 1000 - since);
  }

  async function putUnder(pin: string, data: Bytes): Promise<void> {
    const salt = random(SALT_BYTES);
    const sealed = await seal(data, await keyOfPin(pin, salt, ARGON2));
    await write(VAULT, { ...sealed, salt, argon2: ARGON2 } satisfies Vault);
  }

  async function open(pin: string, now: number): Promise<Bytes> {
    const [vault, tries] = await Promise.all([read<Vault>(VAULT), read<Tries>(TRIES)]);
    if (vault === undefined) throw fault('store_damaged', 'no key');
    const wait = waitAfter(tries, now);
    if (wait > 0) throw fault('too_many_tries', undefined, wait);
    const failed = tries?.failed ?? 0;
    // Deriving takes longest; the try is counted meanwhile, and before anybody learns whether it was right.
    performance.mark('hodi:key-begun');
    const [pinKey] = await Promise.all([
      vault.argon2 ? keyOfPin(pin, vault.salt, vault.argon2) : oldKeyOfPin(pin, vault.salt, vault.iterations ?? 0),
      write(TRIES, { failed: failed + 1, lastAt: now } satisfies Tries),
    ]);
    performance.measure('hodi:key', 'hodi:key-begun');
    const data = await unseal(vault, pinKey).catch(() => {
      throw fault('store_damaged', 'device key');
    });
    if (data === undefined) throw fault('wrong_pin', undefined, await waitMs(now));
    void remove(TRIES); // nothing waits for it: a count that stays costs her one try at most
    const { memory_kib, passes } = vault.argon2 ?? { memory_kib: 0, passes: 0 };
    if (memory_kib !== ARGON2.memory_kib || passes !== ARGON2.passes) await putUnder(pin, data);
    return data;
  }

  return {
    waitMs,
    hasKey: async () => (await read(VAULT)) !== undefined,
    makeKey: async (pin) => {
      const data = random(DATA_KEY_BYTES);
      await remove(RECOVERY);
      await putUnder(pin, data);
      await remove(TRIES);
      return hex(data);
    },
    openKey: async (pin, now) => hex(await open(pin, now)),
    changePin: async (oldPin, newPin, now) => putUnder(newPin, await open(oldPin, now)),
    putUnderPin: async (keyHex, pin) => {
      await putUnder(pin, bytesOf(keyHex));
      await remove(TRIES);
    },
    prepareRecovery: async (keyHex, serverKey, account) => {
      const sealed = await seal(bytesOf(keyHex), await keyOf(serverKey));
      await write(RECOVERY, { ...sealed, account } satisfies Recovery);
    },
    owner: async () => (await read<Recovery>(RECOVERY))?.account,
    recover: async (serverKey) => {
      const kept = await read<Recovery>(RECOVERY);
      const data = kept && (await unseal(kept, await keyOf(serverKey)).catch(() => undefined));
      if (data === undefined) throw fault('no_recovery');
      return hex(data);
    },
    destroyKey: async () => {
      for (const name of [VAULT, RECOVERY, TRIES, UNSENT]) await remove(name);
    },
    noteUnsent: async (records) => void (await write(UNSENT, records)),
    unsent: async () => (await read<number>(UNSENT)) ?? 0,
  };
}

const hex = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
const bytesOf = (text: string): Bytes => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
