/**
 * From facts to the longitudinal record: the phone's runner of the steps that the content pack brings
 * (contract/record, composed by the server for SQLite). It knows no table of the record and no clinical
 * rule; it runs each step over the households that the step's kinds of event have touched, evaluates the
 * rules that read what was written, and empties the queue. Call it in the transaction that appended the events.
 */
import type { Database } from '../db/database';
import { statements } from '../db/statements';
import type { Pack } from '../domain/pack';
import { evaluateScope, openTables, rulesReading } from '../signals/evaluate';
import queries from './queries.sql?raw';
import { scopeOfKinds, scopeOfTouched } from './scope';

const sql = statements(queries);

export interface Moment {
  /** The local day. */
  readonly today: number;
  /** The corrected time in ms. */
  readonly now: number;
}

/** Fold what was touched. Gives the households whose record and signals are fresh now. */
export function refold(db: Database, pack: Pack, moment: Moment): readonly number[] {
  return db.transaction(() => {
    const kinds = new Set(db.rows<{ kind: string }>(sql('kinds_touched')).map((row) => row.kind));
    if (kinds.size === 0) return [];
    openTables(db, pack);
    let inScope = '';
    const written = new Set<string>();
    for (const step of pack.fold) {
      const touching = step.kinds.filter((kind) => kinds.has(kind));
      if (touching.length === 0) continue;
      // Neighbouring steps often have the same kinds: then the scope is there already.
      if (touching.join() !== inScope) scopeOfKinds(db, touching);
      inScope = touching.join();
      db.run(step.clear);
      db.run(step.write);
      written.add(step.writes ?? step.name);
    }
    scopeOfTouched(db);
    performance.mark('hodi:rules-begun');
    evaluateScope(db, rulesReading(pack, written), moment);
    performance.measure('hodi:rules', 'hodi:rules-begun');
    const households = db.rows<{ household: number }>(sql('households_in_scope')).map((row) => row.household);
    db.run(sql('clear_touched'));
    return households;
  });
}
