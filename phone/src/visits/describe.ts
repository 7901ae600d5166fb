/** Stating anew what is known of a household or a member: the latest statement counts, earlier ones stay in the history. */
import type { Observation } from '../domain/events';
import { append, type Ledger } from '../events/append';

/** Give the event's id. Without a person it is about the household. */
export function describe(ledger: Ledger, household: number, person: number | undefined, observations: readonly Observation[]): number {
  const [event] = append(ledger, [
    person === undefined
      ? { kind: 'household.described', household, observations }
      : { kind: 'person.described', household, person, observations },
  ]);
  return (event as { id: number }).id;
}
