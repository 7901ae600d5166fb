/** Signals and tasks: the phone's runner of the rules that the content pack brings. */
import type { Database } from '../db/database';
import type { Pack } from '../domain/pack';
import type { Moment } from '../record/fold';
import { openScope, scopeOfAll } from '../record/scope';

/** Evaluate every rule for every household: when the day turns, or the app opens on another day. */
export function evaluateAll(db: Database, pack: Pack, moment: Moment): void {
  db.transaction(() => {
    openScope(db);
    scopeOfAll(db);
    evaluateScope(db, pack, moment);
  });
}

/** Evaluate every rule for the households of the scope. */
export function evaluateScope(db: Database, pack: Pick<Pack, 'signals' | 'tasks'>, { today, now }: Moment): void {
  for (const rule of [...pack.signals, ...pack.tasks]) {
    db.run(rule.clear);
    db.run(rule.write, { today, now });
  }
}
