/** The phone's data key: what opens it, what does not, and what becomes of a phone of the first release. */
import { beforeEach, describe, expect, it } from 'vitest';
import { keysOn, type Keys } from '../src/access/keys';
import { ARGON2, oldKeyOfPin, random, seal } from '../src/access/seal';
import type { Shelf } from '../src/access/shelf';

const PIN = '294817';
const NOW = Date.UTC(2026, 10, 24);
const HEX = '0f'.repeat(32);
const bytes = (hex: string) => Uint8Array.from(hex.match(/../g)!, (pair) => parseInt(pair, 16));

let kept: Map<string, unknown>;
let keys: Keys;

beforeEach(() => {
  kept = new Map();
  const shelf: Shelf = {
    read: async <T>(name: string) => kept.get(name) as T | undefined,
    write: async (name, value) => kept.set(name, value),
    remove: async (name) => kept.delete(name),
  };
  keys = keysOn(shelf);
});

/** As a phone of the first release stored it. */
async function anOldPhone(): Promise<void> {
  const salt = random(16);
  const sealed = await seal(bytes(HEX), await oldKeyOfPin(PIN, salt, 210_000));
  kept.set('vault', { ...sealed, salt, iterations: 210_000 });
}

describe('the data key', () => {
  it('opens with its PIN and with no other, and stands nowhere bare', async () => {
    const made = await keys.makeKey(PIN);
    expect(made).toMatch(/^[0-9a-f]{64}$/);
    expect(await keys.openKey(PIN, NOW)).toBe(made);
    await expect(keys.openKey('294818', NOW)).rejects.toThrow('wrong_pin');
    const { deviceKey, ...plain } = kept.get('vault') as { deviceKey: CryptoKey } & Record<string, unknown>;
    expect(deviceKey.extractable).toBe(false);
    expect(JSON.stringify(plain, (_, value) => (value instanceof ArrayBuffer ? [...new Uint8Array(value)] : value))).not.toContain(PIN);
  });

  it('costs what decision 010 says: Argon2id, 32 MiB, three passes', async () => {
    await keys.makeKey(PIN);
    expect(kept.get('vault')).toMatchObject({ argon2: { memory_kib: 32 * 1024, passes: 3 } });
    expect(ARGON2).toEqual({ memory_kib: 32 * 1024, passes: 3 });
  });

  it('of a phone of the first release opens, and is sealed anew by that', async () => {
    await anOldPhone();
    expect(await keys.openKey(PIN, NOW)).toBe(HEX);
    expect(kept.get('vault')).toMatchObject({ argon2: ARGON2 });
    expect(kept.get('vault')).not.toHaveProperty('iterations');
    expect(await keys.openKey(PIN, NOW)).toBe(HEX);
    await expect(keys.openKey('111112', NOW)).rejects.toThrow('wrong_pin');
  });

  it('of a phone of the first release stays as it is after a wrong PIN', async () => {
    await anOldPhone();
    await expect(keys.openKey('111112', NOW)).rejects.toThrow('wrong_pin');
    expect(kept.get('vault')).toHaveProperty('iterations', 210_000);
  });

  it('counts a wrong PIN before it is tried, and makes the next one wait', async () => {
    await keys.makeKey(PIN);
    for (let n = 0; n < 5; n += 1) await expect(keys.openKey('111112', NOW)).rejects.toThrow('wrong_pin');
    await expect(keys.openKey(PIN, NOW + 29_000)).rejects.toThrow('too_many_tries');
    expect(await keys.openKey(PIN, NOW + 30_000)).toMatch(/^[0-9a-f]{64}$/);
    expect(await keys.waitMs(NOW + 30_000)).toBe(0);
  });
});

describe('a forgotten PIN', () => {
  const server = random(32);

  it('is replaced by who brings the server’s key: the data key is the same, wrong tries are forgotten', async () => {
    const made = await keys.makeKey(PIN);
    await keys.prepareRecovery(made, server, 31);
    for (let n = 0; n < 5; n += 1) await expect(keys.openKey('111112', NOW)).rejects.toThrow('wrong_pin');
    expect(await keys.owner()).toBe(31);
    const found = await keys.recover(server);
    expect(found).toBe(made);
    await keys.putUnderPin(found, '703152');
    expect(await keys.openKey('703152', NOW)).toBe(made);
    await expect(keys.openKey(PIN, NOW)).rejects.toThrow('wrong_pin');
    expect(await keys.recover(server)).toBe(made); // and again
  });

  it('is not replaced with another key, nor on a phone that was never prepared', async () => {
    const made = await keys.makeKey(PIN);
    await expect(keys.recover(server)).rejects.toThrow('no_recovery');
    await keys.prepareRecovery(made, server, 31);
    await expect(keys.recover(random(32))).rejects.toThrow('no_recovery');
  });

  it('survives a change of the PIN, and ends with a new data key', async () => {
    const made = await keys.makeKey(PIN);
    await keys.prepareRecovery(made, server, 31);
    await keys.changePin(PIN, '703152', NOW);
    expect(await keys.recover(server)).toBe(made);
    await keys.makeKey(PIN);
    await expect(keys.recover(server)).rejects.toThrow('no_recovery');
  });
});

it('forgets everything when the key is destroyed, the number of unsent records too', async () => {
  await keys.prepareRecovery(await keys.makeKey(PIN), random(32), 31);
  await keys.noteUnsent(7);
  expect(await keys.unsent()).toBe(7);
  await keys.destroyKey();
  expect(kept.size).toBe(0);
  expect(await keys.hasKey()).toBe(false);
});
