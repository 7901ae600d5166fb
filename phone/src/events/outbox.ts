/** What this phone has stated and the server has not acknowledged: the batch to send, and what became of it. */
import { type Database, first } from '../db/database';
import { setSetting } from '../db/settings';
import type { Event, EventDraft, Receipt } from '../domain/events';
import { fault } from '../domain/fault';
import { nextStamp } from '../domain/times';
import { append, type Ledger, now } from './append';
import { foldTouched } from './folding';
import { countReceived } from './households';
import { readEvents, touchWholly } from './ledger';
import { noteAnswered, unanswered } from './unanswered';

/** What an event's line in a list says. */
export type EventState =
  | { readonly state: 'received'; readonly seq: number }
  | { readonly state: 'waiting' }
  | { readonly state: 'needs_fixing'; readonly code: string; readonly detail?: string };

/** The state of an event held here; undefined if it is not held. */
export function stateOf(db: Database, event: number): EventState | undefined {
  const posted = first<{ state: string; code: string | null; detail: string | null }>(
    db,
    'SELECT state, code, detail FROM outbox WHERE event = :event',
    { event },
  );
  if (posted?.state === 'waiting') return { state: 'waiting' };
  if (posted) return { state: 'needs_fixing', code: posted.code ?? 'malformed', ...(posted.detail ? { detail: posted.detail } : {}) };
  const row = first<{ seq: number | null }>(
    db,
    'SELECT e.seq FROM home h CROSS JOIN event e ON e.unit = h.unit AND e.id = :event WHERE e.household = h.household',
    { event },
  );
  return row && { state: 'received', seq: row.seq ?? 0 };
}

export interface Tally {
  readonly waiting: number;
  readonly needs_fixing: number;
}

/** How many events wait, and how many need fixing. */
export function tally(db: Database): Tally {
  return first<{ waiting: number; needs_fixing: number }>(
    db,
    "SELECT COUNT(*) FILTER (WHERE state = 'waiting') AS waiting, COUNT(*) FILTER (WHERE state = 'refused') AS needs_fixing FROM outbox",
  ) as Tally;
}

/** The server refuses what is ten minutes ahead of it: what is dated or stamped further ahead stays until its time has come. */
const AHEAD_MAX_MS = 9 * 60_000;
/** What is dated before the last contact that came before it waits for its date to be put right (sync/clock.ts). */
const BEHIND_MAX_MS = 20 * 60_000;

const WAITING = "FROM outbox o CROSS JOIN event e ON e.unit = o.unit AND e.id = o.event WHERE o.state = 'waiting'";
const IN_TIME = '(e.recorded_at <= :latest AND e.stamp <= :latestStamp AND e.recorded_at >= o.contact - :behind)';
const TO_SEND = `${WAITING} AND ${IN_TIME}`;
/** What may have been received, under dates that are no longer believed: only the server knows. */
const TO_ASK_ABOUT = `${WAITING} AND NOT ${IN_TIME} AND o.event IN (SELECT value FROM json_each(:unanswered))`;

const limits = (nowMs: number) => ({
  latest: nowMs + AHEAD_MAX_MS,
  latestStamp: nextStamp(0, nowMs + AHEAD_MAX_MS),
  behind: BEHIND_MAX_MS,
});

/** Whether there is anything that can be sent now. */
export const anyToSend = (db: Database, nowMs: number): boolean => nextKeys(db, 1, nowMs).length > 0;

interface Key {
  readonly unit: number;
  readonly event: number;
}

/** What is to be asked about goes alone: whatever speaks of it is sent when the answer is known. */
function nextKeys(db: Database, eventsMax: number, nowMs: number): Key[] {
  const asked = unanswered(db);
  const doubtful =
    asked.length === 0
      ? []
      : db.rows<Key>(`SELECT o.unit, o.event ${TO_ASK_ABOUT} ORDER BY o.event LIMIT :eventsMax`, {
          ...limits(nowMs),
          eventsMax,
          unanswered: JSON.stringify(asked),
        });
  if (doubtful.length > 0) return doubtful;
  return db.rows<Key>(`SELECT o.unit, o.event ${TO_SEND} ORDER BY o.urgent DESC, o.event LIMIT :eventsMax`, {
    ...limits(nowMs),
    eventsMax,
  });
}

/** The next batch: urgent events first, then by id; at most `eventsMax`. `nowMs` is the corrected clock. */
export function nextBatch(db: Database, eventsMax: number, nowMs: number): Event[] {
  const keys = nextKeys(db, eventsMax, nowMs);
  return readEvents(
    db,
    keys.map(({ unit, event }) => [unit, event] as const),
  );
}

/** Note what became of pushed events. A receipt that comes again changes nothing. */
export function applyReceipts(db: Database, receipts: readonly Receipt[]): void {
  db.transaction(() => {
    const received = receipts.flatMap(([id, verdict, seq, code, detail]) => {
      const posted = first<{ unit: number; household: number | null }>(
        db,
        'SELECT o.unit, e.household FROM outbox o CROSS JOIN event e ON e.unit = o.unit AND e.id = o.event WHERE o.event = :id',
        { id },
      );
      if (posted === undefined) return [];
      if (verdict === 'refused' && code === 'clock_wrong') return []; // it goes on waiting: sync/clock.ts dates it anew
      if (verdict === 'refused') {
        refuse(db, id, code ?? 'malformed', detail ?? null);
        return [];
      }
      db.run('UPDATE event SET seq = :seq WHERE unit = :unit AND id = :id', { seq, id, unit: posted.unit });
      db.run('DELETE FROM outbox WHERE event = :id', { id });
      return [{ id, ...posted }];
    });
    countReceived(db, received);
    noteAnswered(
      db,
      receipts.map(([id]) => id),
    );
  });
}

/** Keep an event as one that needs fixing. */
export function refuse(db: Database, id: number, code: string, detail: string | null): void {
  db.run("UPDATE outbox SET state = 'refused', code = :code, detail = :detail WHERE event = :id", { id, code, detail });
  if (code === 'id_conflict') setSetting(db, 'renew', true);
}

/** Send a refused event again as it is: the reason may have gone. */
export const resend = (db: Database, event: number): void =>
  db.run("UPDATE outbox SET state = 'waiting', code = NULL, detail = NULL WHERE event = :event AND state = 'refused'", { event });

/**
 * Replace a refused event by what is right. It was never taken in (the server keeps it in quarantine, word
 * for word), so it leaves this phone's ledger, and `drafts` take its place, in one transaction.
 */
export function restate(ledger: Ledger, event: number, drafts: readonly EventDraft[]): readonly Event[] {
  const { db } = ledger;
  return db.transaction(() => {
    const posted = first<{ unit: number; household: number | null }>(
      db,
      `SELECT o.unit, e.household FROM outbox o CROSS JOIN event e ON e.unit = o.unit AND e.id = o.event
       WHERE o.event = :event AND o.state = 'refused'`,
      { event },
    );
    if (posted === undefined) throw fault('not_found', 'event');
    const which = { unit: posted.unit, event };
    if (posted.household !== null) touchWholly(db, posted.unit, posted.household);
    db.run('DELETE FROM observation WHERE unit = :unit AND event = :event', which);
    db.run('DELETE FROM event WHERE unit = :unit AND id = :event', which);
    db.run('DELETE FROM outbox WHERE event = :event', { event });
    if (drafts.length > 0) return append(ledger, drafts);
    foldTouched(ledger, now(ledger));
    return [];
  });
}
