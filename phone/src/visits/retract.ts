/** Taking back what she stated. History keeps it, struck through; nothing counts it any more. */
import { setting } from '../db/settings';
import { fault } from '../domain/fault';
import { append, self, type Ledger } from '../events/append';
import { retraction } from '../events/amend';
import { heldEvent } from './held';
import { keepVisit } from './visit';

/** What no retraction undoes: a household moves back by another move (contract/sync.md). */
const STANDS = new Set(['household.registered', 'household.moved']);

/**
 * Take events back, all or none; taking a retraction back brings its event to life again. Gives the ids of the
 * retractions. Faults: `target_unknown`, and `not_yours` for what somebody else stated.
 */
export function takeBack(ledger: Ledger, events: readonly number[]): number[] {
  const { db } = ledger;
  return db.transaction(() => {
    const { account } = self(db);
    for (const event of events) {
      const stated = heldEvent(ledger, event);
      if (!stated) throw fault('target_unknown');
      if (stated.author !== account || STANDS.has(stated.kind)) throw fault('not_yours');
      // What she records next belongs to a new visit.
      if (stated.kind === 'visit.made' && stated.household !== undefined && setting(db, 'visits')?.[stated.household]?.visit === event)
        keepVisit(ledger, stated.household, undefined);
    }
    return append(
      ledger,
      events.map((event) => retraction(db, event)),
    ).map(({ id }) => id);
  });
}
