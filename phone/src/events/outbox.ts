/** What this phone has stated and the server has not acknowledged: the batch to send, and what became of it. */
import { type Database, first } from '../db/database';
import { setSetting } from '../db/settings';
import { statements } from '../db/statements';
import type { Event, EventDraft, Receipt } from '../domain/events';
import { fault } from '../domain/fault';
import { nextStamp } from '../domain/times';
import { append, type Ledger, now } from './append';
import { foldTouched } from './folding';
import { countReceived } from './households';
import { readEvents, touchWholly } from './ledger';
import queries from './queries.sql?raw';
import { noteAnswered, unanswered } from './unanswered';

const sql = statements(queries);

/** What an event's line in a list says. */
export type EventState =
  | { readonly state: 'received'; readonly seq: number }
  | { readonly state: 'waiting' }
  | { readonly state: 'needs_fixing'; readonly code: string; readonly detail?: string };

/** The state of an event held here; undefined if it is not held. */
export function stateOf(db: Database, event: number): EventState | undefined {
  const posted = first<{ state: string; code: string | null; detail: string | null }>(db, sql('posted'), { event });
  if (posted?.state === 'waiting') return { state: 'waiting' };
  if (posted) return { state: 'needs_fixing', code: posted.code ?? 'malformed', ...(posted.detail ? { detail: posted.detail } : {}) };
  const row = first<{ seq: number | null }>(db, sql('seq_of_event'), { event });
  return row && { state: 'received', seq: row.seq ?? 0 };
}

export interface Tally {
  readonly waiting: number;
  readonly needs_fixing: number;
}

/** How many events wait, and how many need fixing. */
export function tally(db: Database): Tally {
  return first<{ waiting: number; needs_fixing: number }>(db, sql('tally')) as Tally;
}

/** The server refuses what is ten minutes ahead of it: what is dated or stamped further ahead stays until its time has come. */
const AHEAD_MAX_MS = 9 * 60_000;
/** What is dated before the last contact that came before it waits for its date to be put right (sync/clock.ts). */
const BEHIND_MAX_MS = 20 * 60_000;

const limits = (nowMs: number) => ({
  latest: nowMs + AHEAD_MAX_MS,
  latest_stamp: nextStamp(0, nowMs + AHEAD_MAX_MS),
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
      : db.rows<Key>(sql('to_ask_about'), {
          ...limits(nowMs),
          limit: eventsMax,
          unanswered: JSON.stringify(asked),
        });
  if (doubtful.length > 0) return doubtful;
  return db.rows<Key>(sql('to_send'), { ...limits(nowMs), limit: eventsMax });
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
      const posted = placeOfPosted(db, id);
      if (posted === undefined) return [];
      if (verdict === 'refused' && code === 'clock_wrong') return []; // it goes on waiting: sync/clock.ts dates it anew
      if (verdict === 'refused') {
        refuse(db, id, code ?? 'malformed', detail ?? null);
        return [];
      }
      setSeq(db, posted.unit, id, seq);
      removePosted(db, id);
      return [{ id, unit: posted.unit, household: posted.household }];
    });
    countReceived(db, received);
    noteAnswered(
      db,
      receipts.map(([id]) => id),
    );
  });
}

interface Posted {
  readonly unit: number;
  readonly household: number | null;
  readonly state: string;
}

/** Where an event of the outbox belongs, and its state. */
const placeOfPosted = (db: Database, event: number): Posted | undefined => first<Posted>(db, sql('posted_household'), { event });

/** Whether an event waits or needs fixing. */
export const isPosted = (db: Database, event: number): boolean => first(db, sql('posted'), { event }) !== undefined;

/** Note the server's number of an event; null: the server has it no longer. */
export const setSeq = (db: Database, unit: number, id: number, seq: number | null): void => db.run(sql('set_seq'), { unit, id, seq });

/** An event waits no longer. */
export const removePosted = (db: Database, event: number): void => db.run(sql('remove_posted'), { event });

/** Remove an event that was never taken in: from the ledger and from the outbox. */
export function forget(db: Database, { unit, id }: Pick<Event, 'unit' | 'id'>): void {
  db.run(sql('remove_observations'), { unit, event: id });
  db.run(sql('remove_event'), { unit, event: id });
  removePosted(db, id);
}

/** Keep an event as one that needs fixing. */
export function refuse(db: Database, id: number, code: string, detail: string | null): void {
  db.run(sql('refuse'), { event: id, code, detail });
  if (code === 'id_conflict') setSetting(db, 'renew', true);
}

/** Send a refused event again as it is: the reason may have gone. */
export const resend = (db: Database, event: number): void => db.run(sql('resend'), { event });

/**
 * Replace a refused event by what is right. It was never taken in (the server keeps it in quarantine, word
 * for word), so it leaves this phone's ledger, and `drafts` take its place, in one transaction.
 */
export function restate(ledger: Ledger, event: number, drafts: readonly EventDraft[]): readonly Event[] {
  const { db } = ledger;
  return db.transaction(() => {
    const posted = placeOfPosted(db, event);
    if (posted?.state !== 'refused') throw fault('not_found', 'event');
    if (posted.household !== null) touchWholly(db, posted.unit, posted.household);
    forget(db, { unit: posted.unit, id: event });
    if (drafts.length > 0) return append(ledger, drafts);
    foldTouched(ledger, now(ledger));
    return [];
  });
}
