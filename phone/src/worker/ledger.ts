/** The phone's ledger as the worker's functions use it: this database, this pack, this clock. */
import { now, type Ledger } from '../events/append';
import type { Pack } from '../domain/pack';
import { dayOf } from '../domain/times';
import { refold } from '../record/fold';
import { evaluateAll } from '../signals/evaluate';
import { database, packNow } from './gate';

const moment = (pack: Pack, at: number) => ({ now: at, today: dayOf(at, pack.utc_offset_min) });

export const ledger = (): Ledger => ({
  db: database(),
  pack: packNow,
  clock: Date.now,
  refold: (db, pack, at) => void refold(db, pack, moment(pack, at)),
});

/** The corrected time, in ms. */
export const timeNow = (): number => now(ledger());

/** The local day. */
export const today = (): number => dayOf(timeNow(), packNow().utc_offset_min);

/** Ask every rule about every household: time alone makes a contact missed and a referral late. */
export const lookAgain = (): void => evaluateAll(database(), packNow(), moment(packNow(), timeNow()));
