/**
 * Writing facts into the phone's ledger, many at a time: `json_each` over a page of rows costs half of
 * binding them one by one. Every fact that is new touches its household, so that the fold knows.
 */
import type { Database } from '../db/database';
import type { Event, Observation } from '../domain/events';
import { FROM_START } from './limits';

const EVENT_COLUMNS = [
  'unit',
  'id',
  'area',
  'household',
  'person',
  'visit',
  'kind',
  'form',
  'form_version',
  'target',
  'occurred_at',
  'occurred_day',
  'recorded_at',
  'stamp',
  'author',
  'device',
  'body',
  'seq',
] as const;

const INSERT_EVENTS = `INTO event (${EVENT_COLUMNS.join(', ')})
  SELECT ${EVENT_COLUMNS.map((_, n) => `value ->> ${n}`).join(', ')} FROM json_each(:rows)`;

const INSERT_OBSERVATIONS = `INTO observation
  (unit, event, ordinal, household, person, concept, number, code, text, day)
  SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7,
         value ->> 8, value ->> 9 FROM json_each(:rows)`;

const TOUCH = `INSERT INTO touched (unit, household, kind, since_day)
  SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(:rows) WHERE true
  ON CONFLICT (unit, household, kind) DO UPDATE SET since_day = MIN(since_day, excluded.since_day)`;

/** The first day of all: what changes who somebody is changes every row about them. */
export const START_DAY = -100_000;
const AMENDS = new Set(['event.corrected', 'event.retracted']);
/** A retraction may speak of a correction, which speaks of the event. */
const CHAIN_MAX = 8;

const sinceDay = (kind: string, day: number): number => (FROM_START.has(kind) ? START_DAY : day);

/** Write events and what they state. Those that are held already stay as they are; `new` ones must not be held. */
export function insertEvents(db: Database, events: readonly Event[], as: 'new' | 'perhaps held' = 'perhaps held'): void {
  const insert = as === 'new' ? 'INSERT' : 'INSERT OR IGNORE';
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
  db.run(`${insert} ${INSERT_EVENTS}`, { rows: JSON.stringify(rows) });
  if (observations.length > 0) db.run(`${insert} ${INSERT_OBSERVATIONS}`, { rows: JSON.stringify(observations) });
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
  if (earliest.size > 0) db.run(TOUCH, { rows: JSON.stringify([...earliest.values()]) });
}

interface Amendable {
  readonly kind: string;
  readonly occurred_day: number;
  readonly target: number | null;
}

const amendable = (db: Database, unit: number, id: number): Amendable | undefined =>
  db.rows<Amendable>('SELECT kind, occurred_day, target FROM event WHERE unit = :unit AND id = :id', { unit, id })[0];

/** Queue households for refolding as a whole: everything that any of their events ever reached. */
export function touchWholly(db: Database, unit: number, household: number): void {
  db.run(
    `INSERT INTO touched (unit, household, kind, since_day)
     SELECT DISTINCT unit, household, kind, ${START_DAY} FROM event WHERE unit = :unit AND household = :household
     ON CONFLICT (unit, household, kind) DO UPDATE SET since_day = excluded.since_day`,
    { unit, household },
  );
}

/** Events as they travel, in the order of `ids`; those not held are left out. */
export function readEvents(db: Database, ids: readonly (readonly [unit: number, id: number])[]): Event[] {
  const keys = { keys: JSON.stringify(ids) };
  const states = new Map<number, Observation[]>();
  const said = db.rows<Record<string, string | number | null>>(
    `SELECT o.event, o.concept, o.number, o.code, o.text,
            CASE WHEN o.person IS NOT e.person THEN o.person END AS person,
            CASE WHEN o.day <> e.occurred_day THEN o.day END AS day
     FROM json_each(:keys) k
     CROSS JOIN event e ON e.unit = k.value ->> 0 AND e.id = k.value ->> 1
     CROSS JOIN observation o ON o.unit = e.unit AND o.event = e.id
     ORDER BY o.event, o.ordinal`,
    keys,
  );
  for (const { event, ...rest } of said) {
    const list = states.get(event as number) ?? [];
    list.push(withoutNulls(rest) as unknown as Observation);
    states.set(event as number, list);
  }
  return db
    .rows<Record<string, string | number | null>>(
      `SELECT e.${EVENT_COLUMNS.join(', e.')} FROM json_each(:keys) k
       CROSS JOIN event e ON e.unit = k.value ->> 0 AND e.id = k.value ->> 1 ORDER BY k.key`,
      keys,
    )
    .map(({ body, ...columns }) => ({
      ...(withoutNulls(columns) as unknown as Event),
      ...(body === null || body === undefined ? {} : { body: JSON.parse(body as string) as Record<string, unknown> }),
      observations: states.get(columns.id as number) ?? [],
    }));
}

const withoutNulls = (row: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
