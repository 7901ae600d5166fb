/** `scope (unit, household, since_day)`: the households that the next composed statements are about. */
import type { Database } from '../db/database';

export const EARLIEST_DAY = -100_000;

/** Make the table, once per connection; it lives in memory and is nobody else's. */
export function openScope(db: Database): void {
  db.run(
    `CREATE TEMP TABLE IF NOT EXISTS scope
     (unit BIGINT NOT NULL, household BIGINT NOT NULL, since_day INTEGER NOT NULL)`,
  );
}

/** Make the households that some kinds of event touched the scope. */
export function scopeOfKinds(db: Database, kinds: readonly string[]): void {
  db.run('DELETE FROM temp.scope');
  db.run(
    `INSERT INTO temp.scope
     SELECT unit, household, MIN(since_day) FROM touched
     WHERE kind IN (SELECT value FROM json_each(:kinds))
     GROUP BY unit, household ORDER BY unit, household`,
    { kinds: JSON.stringify(kinds) },
  );
}

/** Make all households that wait the scope. */
export function scopeOfTouched(db: Database): void {
  db.run('DELETE FROM temp.scope');
  db.run(
    `INSERT INTO temp.scope
     SELECT unit, household, MIN(since_day) FROM touched GROUP BY unit, household ORDER BY unit, household`,
  );
}

/** Make the households for which the time of a rule has come the scope. */
export function scopeOfDue(db: Database, code: string, { today, now }: { readonly today: number; readonly now: number }): void {
  db.run('DELETE FROM temp.scope');
  db.run(
    `INSERT INTO temp.scope
     SELECT DISTINCT unit, household, ${EARLIEST_DAY} FROM rule_due
     WHERE code = :code AND until <= CASE turn WHEN 'day' THEN :today ELSE :now END
     ORDER BY unit, household`,
    { code, today, now },
  );
}

/** Make every household on record the scope. */
export function scopeOfAll(db: Database): void {
  db.run('DELETE FROM temp.scope');
  db.run(`INSERT INTO temp.scope SELECT unit, household, ${EARLIEST_DAY} FROM household ORDER BY unit, household`);
}
