-- Statements of the fold's runner. The steps themselves stand in contract/record.

-- name: waiting
-- Households that wait to be folded, in order.
SELECT DISTINCT unit, household FROM touched ORDER BY unit, household LIMIT :households_max;

-- name: waiting_in
-- Those of a unit.
SELECT DISTINCT household FROM touched WHERE unit = :unit ORDER BY household;

-- name: waiting_in_unit
-- Whether there is one in a unit.
SELECT 1 FROM touched WHERE unit = :unit LIMIT 1;

-- name: waiting_in_all
-- How many households wait to be folded, and since when the first of them. Grows with what waits.
SELECT COUNT(*), MIN(q.since)
FROM (SELECT t.unit, t.household, MIN(t.touched_at) AS since FROM touched t GROUP BY t.unit, t.household) AS q;

-- name: lock_tables
-- PostgreSQL only: processes that start together make the record's tables one after another. Held until the
-- commit.
SELECT pg_advisory_xact_lock(4850462);

-- name: plan_outward
-- PostgreSQL only: keep one cached plan, which starts from the scope and follows indexes outward, whatever
-- the tables' statistics say at the moment.
SELECT set_config('plan_cache_mode', 'force_generic_plan', true), set_config('enable_seqscan', 'off', true),
       set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true),
       set_config('random_page_cost', '1.1', true);

-- name: touch_unit
-- Everything that any event of a unit ever reached, from the beginning.
INSERT INTO touched (unit, household, kind, since_day)
SELECT DISTINCT unit, household, kind, CAST(:since_day AS INTEGER) FROM event
WHERE unit = :unit AND household IS NOT NULL
ON CONFLICT (unit, household, kind) DO UPDATE SET since_day = excluded.since_day;

-- name: units
-- Units with a ledger.
SELECT DISTINCT unit FROM event ORDER BY unit;

-- name: touch_unit_kind
-- The same for one kind of event: what a changed step reads.
INSERT INTO touched (unit, household, kind, since_day)
SELECT DISTINCT unit, household, kind, CAST(:since_day AS INTEGER) FROM event
WHERE unit = :unit AND household IS NOT NULL AND kind = :kind
ON CONFLICT (unit, household, kind) DO UPDATE SET since_day = excluded.since_day;

-- name: touch_area
-- The households of an area, as if they had been registered anew: all that reads the household is asked again.
INSERT INTO touched (unit, household, kind, since_day)
SELECT unit, household, 'household.registered', CAST(:since_day AS INTEGER) FROM household
WHERE unit = :unit AND area = :area
ON CONFLICT (unit, household, kind) DO UPDATE SET since_day = excluded.since_day;

-- name: record_marks
-- By table, the mark of the text that it was made with.
SELECT value FROM setting WHERE name = 'record_marks';

-- name: note_record_marks
INSERT INTO setting (name, value) VALUES ('record_marks', :marks)
ON CONFLICT (name) DO UPDATE SET value = excluded.value;

-- name: due_in_scope
-- Which rules are due for the households of the scope (SQLite).
SELECT d.unit, d.household, d.code
FROM temp.scope s CROSS JOIN rule_due d
WHERE d.unit = s.unit AND d.household = s.household
  AND d.until <= CASE d.turn WHEN 'day' THEN :today ELSE :now END;

-- name: due_in_scope_postgres
-- The same on PostgreSQL, where the scope is two arrays.
SELECT d.unit, d.household, d.code
FROM unnest(:units::bigint[], :households::bigint[]) AS s (unit, household)
JOIN rule_due d ON d.unit = s.unit AND d.household = s.household
WHERE d.until <= CASE d.turn WHEN 'day' THEN CAST(:today AS BIGINT) ELSE CAST(:now AS BIGINT) END;

-- name: rule_marks
-- By code, the mark of the rule that the store was evaluated with.
SELECT value FROM setting WHERE name = 'rule_marks';

-- name: note_rule_marks
INSERT INTO setting (name, value) VALUES ('rule_marks', :marks)
ON CONFLICT (name) DO UPDATE SET value = excluded.value;

-- name: all_due
-- Every household is due at once for a rule.
INSERT INTO rule_due (unit, household, code, turn, until)
SELECT unit, household, :code, 'day', CAST(:until AS BIGINT) FROM household
WHERE household > 0
ON CONFLICT (unit, household, code, turn) DO UPDATE SET until = excluded.until;

-- name: unit_due
-- The same in a unit.
INSERT INTO rule_due (unit, household, code, turn, until)
SELECT unit, household, :code, 'day', CAST(:until AS BIGINT) FROM household
WHERE unit = :unit
ON CONFLICT (unit, household, code, turn) DO UPDATE SET until = excluded.until;

-- name: forget_due
-- And when it was to be asked again.
DELETE FROM rule_due WHERE code = :code;
