/** Events that this phone holds, to be put right or taken back. */
import { statements } from '../db/statements';
import type { Event } from '../domain/events';
import type { Ledger } from '../events/append';
import { readEvents } from '../events/ledger';
import queries from './queries.sql?raw';

const sql = statements(queries);

/** An event of a household that is held here. */
export function heldEvent({ db }: Ledger, event: number): Event | undefined {
  const units = db.rows<{ unit: number }>(sql('unit_of_event'), { event });
  return readEvents(
    db,
    units.map(({ unit }) => [unit, event] as const),
  )[0];
}

/** An event with what counts in its place now: the values of the latest correction, and the answers that it was given. */
export function asCorrected({ db }: Ledger, event: Event): Event {
  const { unit, id, household } = event;
  const ids = db.rows<{ id: number }>(sql('corrections_of'), { unit, household: household ?? null, event: id });
  const held = readEvents(
    db,
    ids.map((one) => [unit, one.id] as const),
  );
  const latest = held.toSorted((a, b) => b.stamp - a.stamp || b.id - a.id);
  const [last] = latest;
  if (!last) return event;
  const body = latest.find((one) => one.body)?.body ?? event.body;
  return { ...event, observations: last.observations, ...(body ? { body } : {}) };
}

/** The events that one filling of a form stated, in their order: of one moment, about one household. */
export function statedWith({ db }: Ledger, { unit, household, form, recorded_at, author }: Event): readonly Event[] {
  const ids = db.rows<{ id: number }>(sql('stated_with'), { unit, household: household ?? null, form: form ?? null, recorded_at, author });
  const held = readEvents(
    db,
    ids.map(({ id }) => [unit, id] as const),
  );
  return held.toSorted((a, b) => a.stamp - b.stamp || a.id - b.id);
}
