/** What this phone stated, and where it is. */
import { setting } from '../db/settings';
import { DAY_MS } from '../domain/times';
import type { Ledger } from '../events/append';
import { covers } from './discretion';
import outboxSql from './outbox.sql?raw';
import type { OutboxLine } from './rows';

const LINES_MAX = 100;
const RECEIVED_BACK_MS = 14 * DAY_MS;

/** This phone's events: what needs fixing first, then what waits, then what was received lately. */
export function outbox({ db, pack, clock }: Ledger): OutboxLine[] {
  const { discretion } = pack();
  return db
    .rows<OutboxLine & { birth_day: number | null; occurred_day: number }>(outboxSql, {
      account: setting(db, 'device')?.account ?? 0,
      since: clock() - RECEIVED_BACK_MS,
      limit: LINES_MAX,
    })
    .map(({ birth_day, occurred_day, ...line }) =>
      covers(discretion, `kind.${line.kind}`, birth_day, occurred_day)
        ? { ...line, kind: 'confidential', given_name: null, family_name: null }
        : line,
    );
}
