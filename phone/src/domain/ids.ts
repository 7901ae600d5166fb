/** Ids: device number × 2^32 + counter. The same arithmetic as hodi/domain/ids.py. */

const COUNTERS = 2 ** 32;

/** The id that a device mints with a counter. */
export const makeId = (device: number, counter: number): number => device * COUNTERS + counter;

/** The device that minted an id. */
export const deviceOf = (id: number): number => Math.floor(id / COUNTERS);

/** An id spread over 52 bits, for digests (contract/sync.md). Every product stays below 2^53. */
export function mix(id: number): number {
  let low = id % 67108864;
  let high = Math.floor(id / 67108864) % 134217728;
  [low, high] = [(low * 48271 + high * 16807 + 11) % 67108859, (high * 69621 + low * 40692 + 7) % 67108859];
  [low, high] = [(low * 39373 + high * 30323 + 5) % 67108859, (high * 40014 + low * 45991 + 3) % 67108859];
  return high * 67108864 + low;
}

/** Digests add up modulo this. */
export const DIGEST_MODULUS = 2 ** 52;
