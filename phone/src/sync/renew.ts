/**
 * An id of this device stands in the ledger with other content: its counter has run twice, as on a phone
 * brought back from an old copy. The device takes a new number, and what was refused for it new ids.
 */
import type { Database } from '../db/database';
import { keepScope } from '../db/scope';
import { setSetting } from '../db/settings';
import { statements } from '../db/statements';
import type { Event } from '../domain/events';
import { makeId } from '../domain/ids';
import { type Ledger, now } from '../events/append';
import { foldTouched } from '../events/folding';
import { holdHousehold } from '../events/households';
import { insertEvents, readEvents, touch, touchWholly } from '../events/ledger';
import { forget } from '../events/outbox';
import queries from './queries.sql?raw';
import type { Enrolled } from './transport';

const sql = statements(queries);

interface Posted {
  readonly event: number;
  readonly unit: number;
  readonly urgent: number;
  readonly contact: number;
  readonly clock_offset: number;
  readonly state: string;
  readonly code: string | null;
  readonly detail: string | null;
}

/** Go on under a new device number. Gives the new ids by the old ones. */
export function takeNewNumber(ledger: Ledger, enrolled: Enrolled): ReadonlyMap<number, number> {
  const { db } = ledger;
  return db.transaction(() => {
    const posted = db.rows<Posted>(sql('outbox'));
    const events = readEvents(
      db,
      posted.map(({ unit, event }) => [unit, event] as const),
    );
    const conflicted = new Set(posted.filter(({ code }) => code === 'id_conflict').map(({ event }) => event));
    const renamed = newIds(
      events.filter(({ id }) => conflicted.has(id)),
      enrolled.device,
    );

    for (const household of new Set(events.flatMap((event) => event.household ?? []))) {
      for (const unit of new Set(events.map((event) => event.unit))) touchWholly(db, unit, household);
    }
    const rewritten = events.filter((event) => renames(event, renamed));
    for (const event of rewritten) forget(db, event);
    const anew = rewritten.map((event) => rename(event, renamed, enrolled.device));
    insertEvents(db, anew);
    const before = new Map(posted.map((row) => [row.event, row]));
    rewritten.forEach((event, n) => repost(db, before.get(event.id) as Posted, anew[n] as Event, conflicted.has(event.id)));
    touch(db, anew);
    renameElsewhere(db, renamed);

    const { scope, now: _, role: __, ...device } = enrolled;
    setSetting(db, 'device', device);
    keepScope(db, scope);
    setSetting(db, 'counter', renamed.size);
    setSetting(db, 'renew', undefined);
    foldTouched(ledger, now(ledger));
    return renamed;
  });
}

/** New ids for events, and for the households and persons that they introduce. */
function newIds(events: readonly Event[], device: number): Map<number, number> {
  const renamed = new Map<number, number>();
  const give = (id: number | undefined): void => {
    if (id !== undefined && !renamed.has(id)) renamed.set(id, makeId(device, renamed.size + 1));
  };
  for (const event of events) {
    give(event.id);
    if (event.kind === 'household.registered') give(event.household);
    if (event.kind === 'person.registered') give(event.person);
  }
  return renamed;
}

const renames = (event: Event, renamed: ReadonlyMap<number, number>): boolean =>
  [event.id, event.household, event.person, event.visit, event.target].some((id) => id !== undefined && renamed.has(id));

function rename(event: Event, renamed: ReadonlyMap<number, number>, device: number): Event {
  const of = (id: number): number => renamed.get(id) ?? id;
  const { household, person, visit, target } = event;
  return {
    ...event,
    id: of(event.id),
    ...(renamed.has(event.id) ? { device } : {}),
    ...(household === undefined ? {} : { household: of(household) }),
    ...(person === undefined ? {} : { person: of(person) }),
    ...(visit === undefined ? {} : { visit: of(visit) }),
    ...(target === undefined ? {} : { target: of(target) }),
    observations: (event.observations ?? []).map((said) => ({
      ...said,
      ...(said.person === undefined ? {} : { person: of(said.person) }),
      ...(said.concept === 'signal_episode' && said.number !== undefined ? { number: of(said.number) } : {}),
    })),
  };
}

function repost(db: Database, was: Posted, event: Event, conflicted: boolean): void {
  db.run(sql('repost'), { ...was, event: event.id, ...(conflicted ? { state: 'waiting', code: null, detail: null } : {}) });
  if (event.household !== undefined) holdHousehold(db, event.household, event.unit);
}

/** Households that nothing speaks of any more, and forms that are not finished. */
function renameElsewhere(db: Database, renamed: ReadonlyMap<number, number>): void {
  db.run(sql('remove_empty_households'), { old: JSON.stringify([...renamed.keys()]) });
  db.run(sql('rename_in_drafts'), { renamed: JSON.stringify([...renamed]) });
}
