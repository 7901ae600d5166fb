/**
 * The phone's front door to its ledger. Whatever a form or a screen states enters here: it gets its id,
 * its times and its stamp, and stands in the ledger, in the outbox and in the folded record by one
 * transaction. A phone that dies at any moment holds all of it or nothing.
 */
import type { Database } from '../db/database';
import { type Enrolment, setSetting, setting } from '../db/settings';
import { statements } from '../db/statements';
import type { Event, EventDraft } from '../domain/events';
import { fault } from '../domain/fault';
import { deviceOf, makeId } from '../domain/ids';
import type { Pack } from '../domain/pack';
import { dayOf, nextStamp } from '../domain/times';
import { type Folding, foldTouched } from './folding';
import { holdHousehold, unitOf } from './households';
import { insertEvents, touch } from './ledger';
import queries from './queries.sql?raw';
import { assertFits, assertWellFormed } from './rules';
import { lastStamp } from './stamps';

const sql = statements(queries);

/** What writing needs: the database, the pack in use, the phone's own clock in ms, and the fold. */
export interface Ledger extends Folding {
  /** The phone's own clock in ms, not corrected. */
  readonly clock: () => number;
}

/** The corrected time in ms. */
export const now = (ledger: Pick<Ledger, 'db' | 'clock'>): number => ledger.clock() + (setting(ledger.db, 'clock_offset') ?? 0);

/** The local day. */
export const today = (ledger: Pick<Ledger, 'db' | 'clock' | 'pack'>): number => dayOf(now(ledger), ledger.pack());

/** Who this phone is. Throws `not_signed_in` before enrolment. */
export function self(db: Database): Enrolment {
  const me = setting(db, 'device');
  if (me === undefined) throw fault('not_signed_in');
  return me;
}

/** New ids, for what must be named before it is appended: a visit, a household, a person. Never given twice. */
export function mintIds(db: Database, count: number): number[] {
  return db.transaction(() => {
    const { device } = self(db);
    const last = setting(db, 'counter') ?? 0;
    setSetting(db, 'counter', last + count);
    return Array.from({ length: count }, (_, n) => makeId(device, last + 1 + n));
  });
}

/**
 * Take note of ids that come from elsewhere: those of this very device that it does not remember, because
 * its storage was brought back from an old copy, are not given again.
 */
export function witnessIds(db: Database, ids: Iterable<number>): void {
  const me = setting(db, 'device');
  if (me === undefined) return;
  const last = setting(db, 'counter') ?? 0;
  let latest = last;
  for (const id of ids) if (deviceOf(id) === me.device) latest = Math.max(latest, id - makeId(me.device, 0));
  if (latest > last) setSetting(db, 'counter', latest);
}

/** State something. Gives the events as they now stand in the ledger. Throws a fault for what is not well formed. */
export function append(ledger: Ledger, drafts: readonly EventDraft[]): readonly Event[] {
  const { db } = ledger;
  const pack = ledger.pack();
  for (const draft of drafts) assertWellFormed(draft, pack);
  return db.transaction(() => {
    const me = self(db);
    const recordedAt = now(ledger);
    const minted = mintIds(db, drafts.filter((draft) => draft.id === undefined).length);
    let stamp = lastStamp(db, recordedAt);
    const events = drafts.map((draft): Event => {
      const id = draft.id ?? (minted.shift() as number);
      if (deviceOf(id) !== me.device) throw fault('malformed', 'id');
      stamp = nextStamp(stamp, recordedAt);
      const occurredAt = draft.occurred_at ?? recordedAt;
      return {
        ...draft,
        unit: (draft.household === undefined ? undefined : unitOf(db, draft.household)) ?? me.unit,
        id,
        area: me.area,
        ...(draft.kind === 'visit.made' ? { visit: id } : {}),
        occurred_at: occurredAt,
        occurred_day: dayOf(occurredAt, pack),
        recorded_at: recordedAt,
        stamp,
        author: me.account,
        device: me.device,
      };
    });
    events.forEach(assertFits);
    setSetting(db, 'stamp', stamp);
    insertEvents(db, events, 'new');
    post(db, events, pack);
    touch(db, events);
    foldTouched(ledger, recordedAt);
    return events;
  });
}

function post(db: Database, events: readonly Event[], pack: Pack): void {
  const contact = setting(db, 'contact') ?? 0;
  const offset = setting(db, 'clock_offset') ?? 0;
  for (const { id, unit, kind, household } of events) {
    db.run(sql('post'), { event: id, unit, urgent: pack.kinds[kind]?.urgent ? 1 : 0, contact, offset });
    if (household !== undefined) holdHousehold(db, household, unit);
  }
}
