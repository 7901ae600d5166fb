-- Statements of the scope (the households that the next composed statements are about) and of the fold's queue.

-- name: create_scope
-- Once for each connection; it lives in memory.
CREATE TEMP TABLE IF NOT EXISTS scope (unit BIGINT NOT NULL, household BIGINT NOT NULL, since_day INTEGER NOT NULL);

-- name: clear_scope
-- Nobody.
DELETE FROM temp.scope;

-- name: scope_of_kinds
-- The households that some kinds of event have touched.
INSERT INTO temp.scope
SELECT unit, household, MIN(since_day) FROM touched
WHERE kind IN (SELECT value FROM json_each(:kinds))
GROUP BY unit, household ORDER BY unit, household;

-- name: scope_of_touched
-- All households that wait to be folded.
INSERT INTO temp.scope
SELECT unit, household, MIN(since_day) FROM touched GROUP BY unit, household ORDER BY unit, household;

-- name: scope_of_due
-- The households for which the time of a rule has come.
INSERT INTO temp.scope
SELECT DISTINCT unit, household, :earliest_day FROM rule_due
WHERE code = :code AND until <= CASE turn WHEN 'day' THEN :today ELSE :now END
ORDER BY unit, household;

-- name: scope_of_all
-- Every household on record.
INSERT INTO temp.scope SELECT unit, household, :earliest_day FROM household ORDER BY unit, household;

-- name: households_in_scope
-- The households of the scope.
SELECT household FROM temp.scope;

-- name: kinds_touched
-- The kinds of event that wait to be folded.
SELECT DISTINCT kind FROM touched;

-- name: clear_touched
-- Nothing waits any more.
DELETE FROM touched;
