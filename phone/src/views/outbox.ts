/** What this phone stated, and where it is. */
import { setting } from '../db/settings';
import type { Ledger } from '../events/append';
import type { OutboxLine } from './details';
import { covers } from './discretion';
import outboxSql from './outbox.sql?raw';
import type { OutboxRow } from './rows';

const LINES_MAX = 100;

/** This phone's events: what needs fixing first, then what waits, then what was received. */
export function outbox({ db, pack }: Ledger): OutboxLine[] {
  const { discretion } = pack();
  return db
    .rows<OutboxRow>(outboxSql, {
      account: setting(db, 'device')?.account ?? 0,
      limit: LINES_MAX,
    })
    .map(({ birth_day, occurred_day, ...line }) =>
      covers(discretion, `kind.${line.kind}`, birth_day, occurred_day)
        ? { ...line, kind: 'confidential', given_name: null, family_name: null }
        : line,
    );
}
