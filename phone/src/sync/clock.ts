/**
 * A phone's clock may be years wrong. The server says what time it is; the phone keeps the difference and
 * puts right what was certainly dated wrongly and cannot have been taken in (contract/sync.md, clock).
 */
import type { Database } from '../db/database';
import { setSetting, setting } from '../db/settings';
import { statements } from '../db/statements';
import type { Pack } from '../domain/pack';
import { dayOf, nextStamp, stampMs } from '../domain/times';
import { type Ledger, now } from '../events/append';
import { foldTouched } from '../events/folding';
import { touch } from '../events/ledger';
import { latestHeld, latestPossible } from '../events/stamps';
import { unanswered } from '../events/unanswered';
import queries from './queries.sql?raw';

const sql = statements(queries);

/**
 * A date this far ahead of now, or this far before the last contact that came before it, is certainly
 * wrong; and no request that carried it was accepted.
 */
const CERTAINLY_WRONG_MS = 20 * 60_000;

interface Waiting {
  readonly unit: number;
  readonly id: number;
  readonly household: number | null;
  readonly kind: string;
  readonly target: number | null;
  readonly occurred_at: number;
  readonly occurred_day: number;
  readonly recorded_at: number;
  readonly stamp: number;
  readonly contact: number;
  readonly clock_offset: number;
}

/** Take over the server's time: `phoneMs` is the phone's own clock when `serverMs` was said. */
export function setClock(db: Database, phoneMs: number, serverMs: number): void {
  setSetting(db, 'clock_offset', serverMs - phoneMs);
  noteContact(db, serverMs);
}

/**
 * The server has said what time it is. If that is earlier than it said before, it was wrong then: what waits
 * was not recorded after a contact that is still to come.
 */
export function noteContact(db: Database, serverMs: number): void {
  const before = setting(db, 'contact') ?? 0;
  setSetting(db, 'contact', serverMs);
  if (serverMs >= before) return;
  db.run(sql('cap_contacts'), { server_ms: serverMs });
  if ((setting(db, 'synced_at') ?? 0) > serverMs) setSetting(db, 'synced_at', serverMs);
}

/** Right a date that lies outside the time it can have been: shift it, and if that does not help, clamp it. */
function correctedDate(recordedAt: number, shift: number, contact: number, nowMs: number): number {
  return Math.min(Math.max(recordedAt + shift, contact), Math.max(nowMs, contact));
}

/**
 * Put right every waiting event that was certainly dated wrongly, stamp it anew in order, and fold. To be
 * called when the corrected clock is right, before a batch is built. What the server may have taken in stays
 * as it is. Gives how many were changed.
 */
export function correctDates(ledger: Ledger): number {
  const { db } = ledger;
  const nowMs = now(ledger);
  const pack = ledger.pack();
  const offset = setting(db, 'clock_offset') ?? 0;
  const ahead = nowMs + CERTAINLY_WRONG_MS;
  const waiting = db.rows<Waiting>(sql('waiting'), { unanswered: JSON.stringify(unanswered(db)) });
  const misdated = (event: Waiting): boolean => event.recorded_at > ahead || event.recorded_at < event.contact - CERTAINLY_WRONG_MS;
  const wrong = waiting.filter((event) => misdated(event) || stampMs(event.stamp) > ahead);
  if (wrong.length === 0) return 0;
  return db.transaction(() => {
    const restamped = wrong.map((event) => event.id);
    let stamp = latestHeld(db, latestPossible(db, nowMs), restamped);
    for (const event of wrong) {
      const recordedAt = misdated(event)
        ? correctedDate(event.recorded_at, offset - event.clock_offset, event.contact, nowMs)
        : event.recorded_at;
      stamp = nextStamp(stamp, recordedAt);
      redate(db, event, recordedAt, stamp, pack, offset);
    }
    setSetting(db, 'stamp', stamp);
    foldTouched(ledger, nowMs);
    return wrong.length;
  });
}

function redate(
  db: Database,
  event: Waiting,
  recordedAt: number,
  stamp: number,
  pack: Pick<Pack, 'concepts' | 'utc_offset_min' | 'offset_changes'>,
  offset: number,
): void {
  const shift = recordedAt - event.recorded_at;
  // A date that lay ahead of the clock was told, not read from it: the shift takes it past no record of it.
  const occurredAt = Math.max(0, Math.min(event.occurred_at + shift, recordedAt));
  const day = dayOf(occurredAt, pack);
  const which = { unit: event.unit, id: event.id };
  touch(db, [{ ...event, occurred_day: Math.min(day, event.occurred_day) }]);
  db.run(sql('redate_event'), { ...which, shift, occurred_at: occurredAt, day, stamp });
  db.run(sql('redate_observations'), { ...which, day, was: event.occurred_day });
  const instants = Object.keys(pack.concepts).filter((name) => pack.concepts[name]?.unit === 'ms');
  db.run(sql('shift_instants'), { ...which, shift, instants: JSON.stringify(instants) });
  db.run(sql('set_clock_offset'), { id: event.id, offset });
}
