/** Days, and stamps that order facts: the same arithmetic as hodi/domain/times.py. */

export const DAY_MS = 86_400_000;
const STAMP_EPOCH_MS = 1_577_836_800_000; // 2020-01-01 UTC
const STAMP_TICKS = 4096;

/** The local day (since 1970-01-01) of an instant in ms. */
export const dayOf = (atMs: number, utcOffsetMin: number): number => Math.floor((atMs + utcOffsetMin * 60_000) / DAY_MS);

/** The instant (ms) at which a local day begins. */
export const dayStart = (day: number, utcOffsetMin: number): number => day * DAY_MS - utcOffsetMin * 60_000;

/** A stamp later than `last`, for a fact stated at `nowMs`. */
export const nextStamp = (last: number, nowMs: number): number => Math.max(last + 1, (nowMs - STAMP_EPOCH_MS) * STAMP_TICKS);

/** The instant a stamp was taken at, in ms. */
export const stampMs = (stamp: number): number => Math.floor(stamp / STAMP_TICKS) + STAMP_EPOCH_MS;
