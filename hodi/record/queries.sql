-- Statements of the fold's runner. The steps themselves stand in contract/record.

-- name: waiting
-- The next households that wait to be folded, in order, beginning after one.
SELECT DISTINCT unit, household FROM touched
WHERE (unit, household) > (CAST(:unit AS BIGINT), CAST(:household AS BIGINT))
ORDER BY unit, household LIMIT :households_max;

-- name: one_at_a_time
-- PostgreSQL only: two processes that fold or judge at once would both write the same rows. Held until the
-- commit.
SELECT pg_advisory_xact_lock(4850462);

-- name: plan_outward
-- PostgreSQL only: keep one cached plan, which starts from the scope and follows indexes outward, whatever
-- the tables' statistics say at the moment.
SELECT set_config('plan_cache_mode', 'force_generic_plan', true), set_config('enable_seqscan', 'off', true),
       set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true),
       set_config('random_page_cost', '1.1', true);

-- name: any_reference
-- Whether the reference tables have been filled.
SELECT 1 FROM growth_reference LIMIT 1;

-- name: touch_unit
-- Everything that any event of a unit ever reached, from the beginning.
INSERT INTO touched (unit, household, kind, since_day)
SELECT DISTINCT unit, household, kind, CAST(:since_day AS INTEGER) FROM event
WHERE unit = :unit AND household IS NOT NULL
ON CONFLICT (unit, household, kind) DO UPDATE SET since_day = excluded.since_day;

-- name: units
-- Units with a ledger.
SELECT DISTINCT unit FROM event ORDER BY unit;

-- name: schedule
-- The antenatal schedule in use.
SELECT contact, week FROM antenatal_schedule ORDER BY contact;

-- name: forget_schedule
-- Make room for another schedule.
DELETE FROM antenatal_schedule;

-- name: fold_version
-- The version of the steps that the record was folded with.
SELECT value FROM setting WHERE name = 'fold_version';

-- name: note_fold_version
INSERT INTO setting (name, value) VALUES ('fold_version', :version)
ON CONFLICT (name) DO UPDATE SET value = excluded.value;
