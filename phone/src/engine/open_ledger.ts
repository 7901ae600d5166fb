/** The open ledger of this phone: its database, its pack, its clock, with the fold and the rules that belong to them. */
import { database, packNow } from '../access/session';
import { now, type Ledger } from '../events/append';
import type { Pack } from '../domain/pack';
import { dayOf } from '../domain/times';
import { refold } from '../record/fold';
import { evaluateDue } from '../signals/evaluate';

const moment = (pack: Pack, at: number) => ({ now: at, today: dayOf(at, pack) });

export const ledger = (): Ledger => ({
  db: database(),
  pack: packNow,
  clock: Date.now,
  refold: (db, pack, at) => void refold(db, pack, moment(pack, at)),
});

/** Ask the rules whose time has come: time alone makes a contact missed and a referral late. */
export const lookAgain = (): void => evaluateDue(database(), packNow(), moment(packNow(), now(ledger())));
