/**
 * Writing facts into the phone's ledger, many at a time: `json_each` over a page of rows costs half of
 * binding them one by one. Every fact that is new touches its household, so that the fold knows.
 */
import { type Database, first } from '../db/database';
import { statements } from '../db/statements';
import type { Event, Observation } from '../domain/events';
import { FROM_START } from './limits';
import queries from './queries.sql?raw';

const sql = statements(queries);

/** The columns of an event in the order in which `insert_events` takes them. */
const EVENT_COLUMNS = /INTO event \(([^)]*)\)/.exec(sql('insert_events'))?.[1]?.split(/,\s*/) as (keyof Event)[];

/** The first day of all: what changes who somebody is changes every row about them. */
const START_DAY = -100_000;
const AMENDS = new Set(['event.corrected', 'event.retracted']);
/** A retraction may speak of a correction, which speaks of the event. */
const CHAIN_MAX = 8;

const sinceDay = (kind: string, day: number): number => (FROM_START.has(kind) ? START_DAY : day);

/** Write events and what they state. Those that are held already stay as they are; `new` ones must not be held. */
export function insertEvents(db: Database, events: readonly Event[], as: 'new' | 'perhaps held' = 'perhaps held'): void {
  const insert = (statement: string): string => (as === 'new' ? statement : statement.replace('INSERT INTO', 'INSERT OR IGNORE INTO'));
  const rows = events.map((event) =>
    EVENT_COLUMNS.map((column) => (column === 'body' ? event.body && JSON.stringify(event.body) : event[column]) ?? null),
  );
  const observations = events.flatMap((event) =>
    (event.observations ?? []).map((said, ordinal) => [
      event.unit,
      event.id,
      ordinal,
      event.household ?? null,
      said.person ?? event.person ?? null,
      said.concept,
      said.number ?? null,
      said.code ?? null,
      said.text ?? null,
      said.day ?? event.occurred_day,
    ]),
  );
  db.run(insert(sql('insert_events')), { rows: JSON.stringify(rows) });
  if (observations.length > 0) db.run(insert(sql('insert_observations')), { rows: JSON.stringify(observations) });
}

/** What of an event decides who is refolded. */
export interface Touching {
  readonly unit: number;
  readonly household?: number | null;
  readonly kind: string;
  readonly occurred_day: number;
  readonly target?: number | null;
}

/**
 * Queue the households of events for refolding, from the earliest day that may change. A correction or a
 * retraction reaches the steps of its target's kind, from the target's day on.
 */
export function touch(db: Database, events: readonly Touching[]): void {
  const earliest = new Map<string, readonly [number, number, string, number]>();
  const note = (unit: number, household: number, kind: string, since: number): void => {
    const key = `${unit} ${household} ${kind}`;
    const known = earliest.get(key);
    if (known === undefined || since < known[3]) earliest.set(key, [unit, household, kind, since]);
  };
  for (const { unit, household, kind, occurred_day, target } of events) {
    if (household === undefined || household === null) continue;
    note(unit, household, kind, sinceDay(kind, occurred_day));
    let [day, amending, next] = [occurred_day, kind, target ?? null];
    for (let n = 0; n < CHAIN_MAX && next !== null && AMENDS.has(amending); n += 1) {
      const amended = amendable(db, unit, next);
      if (amended === undefined) break;
      [day, amending, next] = [Math.min(day, amended.occurred_day), amended.kind, amended.target];
      note(unit, household, amending, sinceDay(amending, day));
    }
  }
  if (earliest.size > 0) db.run(sql('touch'), { rows: JSON.stringify([...earliest.values()]) });
}

interface Amendable {
  readonly kind: string;
  readonly occurred_day: number;
  readonly target: number | null;
}

const amendable = (db: Database, unit: number, id: number): Amendable | undefined => first<Amendable>(db, sql('amendable'), { unit, id });

/** Queue households for refolding as a whole: everything that any of their events ever reached. */
export function touchWholly(db: Database, unit: number, household: number): void {
  db.run(sql('touch_wholly'), { unit, household, start_day: START_DAY });
}

/** Events as they travel, in the order of `ids`; those not held are left out. */
export function readEvents(db: Database, ids: readonly (readonly [unit: number, id: number])[]): Event[] {
  const keys = { keys: JSON.stringify(ids) };
  const states = new Map<number, Observation[]>();
  const said = db.rows<Record<string, string | number | null>>(sql('observations'), keys);
  for (const { event, ...rest } of said) {
    const list = states.get(event as number) ?? [];
    list.push(withoutNulls(rest) as unknown as Observation);
    states.set(event as number, list);
  }
  return db.rows<Record<string, string | number | null>>(sql('events'), keys).map(({ body, ...columns }) => ({
    ...(withoutNulls(columns) as unknown as Event),
    ...(body === null || body === undefined ? {} : { body: JSON.parse(body as string) as Record<string, unknown> }),
    observations: states.get(columns.id as number) ?? [],
  }));
}

const withoutNulls = (row: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
