/** Days, and stamps that order facts: the same arithmetic as hodi/domain/times.py. */

import type { Pack } from './pack';

export const DAY_MS = 86_400_000;
const STAMP_EPOCH_MS = 1_577_836_800_000; // 2020-01-01 UTC
const STAMP_TICKS = 4096;

/**
 * A time zone, as the pack brings it: minutes ahead of UTC before the first change, and the changes in order of time.
 * The phone's own knowledge of zones is not asked: it may be older than the server's.
 */
export type Zone = Pick<Pack, 'utc_offset_min' | 'offset_changes'>;

/** The zone alone, without the rest of the pack. */
export const zoneOf = ({ utc_offset_min, offset_changes }: Zone): Zone =>
  offset_changes === undefined ? { utc_offset_min } : { utc_offset_min, offset_changes };

/** Minutes that local time is ahead of UTC at an instant in ms. */
export const offsetMin = (atMs: number, zone: Zone): number =>
  zone.offset_changes?.findLast((change) => change.at <= atMs)?.utc_offset_min ?? zone.utc_offset_min;

/** The local day (since 1970-01-01) of an instant in ms. */
export const dayOf = (atMs: number, zone: Zone): number => Math.floor((atMs + offsetMin(atMs, zone) * 60_000) / DAY_MS);

/** The first instant (ms) of a local day; where clocks are put forward at midnight, the instant of that. */
export function dayStart(day: number, zone: Zone): number {
  const noon = day * DAY_MS + DAY_MS / 2;
  const offsets = [noon - DAY_MS, noon, noon + DAY_MS].map((at) => offsetMin(at, zone));
  const begins = offsets.map((offset) => day * DAY_MS - offset * 60_000).sort((one, other) => one - other);
  return begins.find((at) => dayOf(at, zone) >= day) ?? Math.max(...begins);
}

/** A stamp later than `last`, for a fact stated at `nowMs`. */
export const nextStamp = (last: number, nowMs: number): number => Math.max(last + 1, (nowMs - STAMP_EPOCH_MS) * STAMP_TICKS);

/** The instant a stamp was taken at, in ms. */
export const stampMs = (stamp: number): number => Math.floor(stamp / STAMP_TICKS) + STAMP_EPOCH_MS;
