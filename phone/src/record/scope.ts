/** `scope (unit, household, since_day)`: the households that the next composed statements are about. */
import type { Database } from '../db/database';
import { statements } from '../db/statements';
import queries from './queries.sql?raw';

const sql = statements(queries);

export const EARLIEST_DAY = -100_000;

/** Make the table, once per connection; it lives in memory and is nobody else's. */
export const openScope = (db: Database): void => db.run(sql('create_scope'));

/** Make the households that some kinds of event touched the scope. */
export function scopeOfKinds(db: Database, kinds: readonly string[]): void {
  db.run(sql('clear_scope'));
  db.run(sql('scope_of_kinds'), { kinds: JSON.stringify(kinds) });
}

/** Make all households that wait the scope. */
export function scopeOfTouched(db: Database): void {
  db.run(sql('clear_scope'));
  db.run(sql('scope_of_touched'));
}

/** Make the households for which the time of a rule has come the scope. */
export function scopeOfDue(db: Database, code: string, { today, now }: { readonly today: number; readonly now: number }): void {
  db.run(sql('clear_scope'));
  db.run(sql('scope_of_due'), { code, today, now, earliest_day: EARLIEST_DAY });
}

/** Make every household on record the scope. */
export function scopeOfAll(db: Database): void {
  db.run(sql('clear_scope'));
  db.run(sql('scope_of_all'), { earliest_day: EARLIEST_DAY });
}
