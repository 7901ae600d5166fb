/** Where the phone works, as the server said it last, and what is true of that place. */
import type { Scope } from '../domain/scope';
import type { Database } from './database';
import queries from './queries.sql?raw';
import { setSetting } from './settings';
import { statements } from './statements';

const sql = statements(queries);

/** Keep a scope, with what is true of its area. Call it in a transaction, and fold afterwards. */
export function keepScope(db: Database, scope: Scope): void {
  setSetting(db, 'scope', scope);
  keepFacts(db, scope);
}

/**
 * What is true of the scope's area, and of no other, in `place_fact`. Where something else is true now, the
 * households of the area are queued for the fold, so that the rules that read it are asked again; else nothing
 * is written.
 */
export function keepFacts(db: Database, { unit, area, facts = {} }: Scope): void {
  const at = { unit: unit.place, area: area.place };
  const stated = Object.keys(facts)
    .toSorted()
    .map((fact) => ({ ...at, fact, value: facts[fact] }));
  if (JSON.stringify(db.rows(sql('place_facts'))) === JSON.stringify(stated)) return;
  db.run(sql('forget_place_facts'));
  db.run(sql('state_place_facts'), { ...at, facts: JSON.stringify(facts) });
  db.run(sql('touch_area'), at);
}
