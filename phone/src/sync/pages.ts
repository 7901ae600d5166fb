/**
 * What a response brings, stored page by page: the rows and the token that stands for them in one
 * transaction, together with the refold, so that a killed app goes on where it was.
 */
import type { Database } from '../db/database';
import { keepScope } from '../db/scope';
import { setSetting, setting } from '../db/settings';
import { statements } from '../db/statements';
import type { Event } from '../domain/events';
import type { Scope } from '../domain/scope';
import { type Ledger, now, self, witnessIds } from '../events/append';
import { foldTouched } from '../events/folding';
import { announceLeaving, callOffLeaving, countReceived, recount, rehome, removeLeavers, unitOf } from '../events/households';
import { insertEvents, touch } from '../events/ledger';
import { isPosted, refuse, removePosted, setSeq } from '../events/outbox';
import { lastStamp, latestPossible } from '../events/stamps';
import { noteAnswered, noteUnanswered } from '../events/unanswered';
import queries from './queries.sql?raw';

const sql = statements(queries);

/** The lines of one page. */
export interface Page {
  readonly events: readonly Event[];
  readonly scope?: Scope | undefined;
  readonly left?: readonly number[] | undefined;
  readonly token: string;
}

/** Put a page away. Gives the households that were removed. */
export function commitPage(ledger: Ledger, page: Page): readonly number[] {
  const { db } = ledger;
  return db.transaction(() => {
    if (page.scope !== undefined) takeScope(db, page.scope);
    if (page.left !== undefined) announceLeaving(db, page.left);
    takeEvents(db, page.events, now(ledger));
    setSetting(db, 'token', page.token);
    const removed = removeLeavers(db);
    foldTouched(ledger, now(ledger));
    return removed;
  });
}

function takeScope(db: Database, scope: Scope): void {
  keepScope(db, scope);
  const me = setting(db, 'device');
  if (me !== undefined) setSetting(db, 'device', { ...me, unit: scope.unit.place, area: scope.area.place });
}

function takeEvents(db: Database, events: readonly Event[], nowMs: number): void {
  if (events.length === 0) return;
  const unitOfHome = new Map(events.flatMap(({ household, unit }) => (household === undefined ? [] : [[household, unit] as const])));
  for (const [household, unit] of unitOfHome) rehome(db, household, unit);
  callOffLeaving(db, [...unitOfHome.keys()]);
  const held = heldOf(db, events);
  const fresh = events.filter(({ id }) => !held.has(id));
  insertEvents(db, fresh);
  witnessIds(
    db,
    fresh.flatMap(({ id, household, person }) => [id, household ?? 0, person ?? 0]),
  );
  touch(db, fresh);
  countReceived(db, [...fresh, ...events.filter((event) => acknowledges(db, event, held.get(event.id)))]);
  const possible = latestPossible(db, nowMs);
  const latest = events.reduce((stamp, event) => (event.stamp <= possible ? Math.max(stamp, event.stamp) : stamp), lastStamp(db, nowMs));
  setSetting(db, 'stamp', latest);
}

interface Held {
  readonly id: number;
  readonly seq: number | null;
  readonly stamp: number;
  readonly kind: string;
}

/** Which of the events are held already, by id. */
function heldOf(db: Database, events: readonly Event[]): Map<number, Held> {
  const rows = db.rows<Held>(sql('held_of'), { keys: JSON.stringify(events.map(({ unit, id }) => [unit, id])) });
  return new Map(rows.map((row) => [row.id, row]));
}

/** An event of this phone's own that comes back from the server has been received: as good as a receipt. */
function acknowledges(db: Database, event: Event, held: Held | undefined): boolean {
  if (held === undefined || event.seq === undefined) return false;
  const same = held.stamp === event.stamp && held.kind === event.kind;
  if (!same) {
    // This device gave the id twice; whatever else its own event waits for, it needs another id.
    if (isPosted(db, event.id)) refuse(db, event.id, 'id_conflict', null);
    return false;
  }
  const waited = held.seq === null;
  setSeq(db, event.unit, event.id, event.seq);
  if (waited) {
    removePosted(db, event.id);
    noteAnswered(db, [event.id]);
  }
  return waited;
}

/**
 * What the server once had and has no longer (it was brought back from an old copy): this worker's events
 * wait again; others' are kept, but no longer counted, for only who stated them can hand them in.
 * `households` came whole; `delivered` is every event that came with them.
 */
export function requeueLost(ledger: Ledger, households: readonly number[], delivered: ReadonlySet<number>): number {
  const { db } = ledger;
  const { kinds } = ledger.pack();
  const contact = setting(db, 'contact') ?? 0;
  const { account } = self(db);
  return db.transaction(() => {
    let lost = 0;
    for (const household of households) {
      const unit = unitOf(db, household);
      if (unit === undefined) continue;
      const held = db.rows<{ id: number; kind: string; author: number }>(sql('received_of_household'), { unit, household });
      for (const { id, kind, author } of held.filter((event) => !delivered.has(event.id))) {
        setSeq(db, unit, id, null);
        if (author !== account) continue;
        db.run(sql('post_again'), { unit, id, contact, urgent: kinds[kind]?.urgent ? 1 : 0 });
        noteUnanswered(db, [id]); // other phones may hold it: it stays as it is
        lost += 1;
      }
    }
    recount(db);
    return lost;
  });
}
