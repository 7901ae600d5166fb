/** The phone's ledger as the worker's functions use it: this database, this pack, this clock. */
import type { Ledger } from '../events/append';
import { now } from '../events/append';
import { dayOf } from '../domain/times';
import { refold } from '../record/fold';
import { database, packNow } from './gate';

export const ledger = (): Ledger => ({ db: database(), pack: packNow, clock: Date.now, refold });

/** The corrected time, in ms. */
export const timeNow = (): number => now(ledger());

/** The local day. */
export const today = (): number => dayOf(timeNow(), packNow().utc_offset_min);
