/** Events that this phone holds, to be put right or taken back. */
import { statements } from '../db/statements';
import type { Event, Observation } from '../domain/events';
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

/** The values that count now in an event's place: those of the latest correction that nobody took back. */
export const countingValues = (ledger: Ledger, event: Event): readonly Observation[] =>
  (correctionsOf(ledger, event)[0] ?? event).observations;

/** The latest raw answers given to the form that stated these events; they come with any of them, or a correction. */
export function latestAnswers(ledger: Ledger, stated: readonly Event[]): Event['body'] {
  const given = stated.flatMap((one) => [one, ...correctionsOf(ledger, one)]).filter(({ body }) => body);
  return given.toSorted((a, b) => b.stamp - a.stamp || b.id - a.id)[0]?.body;
}

/** The retractions for which an event does not count; none if it does. */
export const retractionsOf = ({ db }: Ledger, { unit, id, household }: Event): readonly number[] =>
  db.rows<{ id: number }>(sql('retractions_of'), { unit, household: household ?? null, event: id }).map((one) => one.id);

/** Corrections of an event that nobody took back, the latest first. */
function correctionsOf({ db }: Ledger, { unit, id, household }: Event): readonly Event[] {
  const ids = db.rows<{ id: number }>(sql('corrections_of'), { unit, household: household ?? null, event: id });
  const held = readEvents(
    db,
    ids.map((one) => [unit, one.id] as const),
  );
  return held.toSorted((a, b) => b.stamp - a.stamp || b.id - a.id);
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
