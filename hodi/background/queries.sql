-- Leases, positions, items set aside, and what waits for a consumer. Sets of units travel as the keys of a
-- JSON object.

-- name: lease_rows
-- Which of these units have a row.
SELECT l.unit FROM unit_lease l
WHERE l.unit IN (SELECT CAST(k.key AS BIGINT) FROM json_each(:units) AS k) AND l.work = :work;

-- name: hold
-- The free ones of these units. SQLite has one writer: nobody else is at them.
SELECT l.unit FROM unit_lease l
WHERE l.unit IN (SELECT CAST(k.key AS BIGINT) FROM json_each(:units) AS k) AND l.work = :work
  AND (l.until <= :now OR l.holder = :holder)
ORDER BY l.unit;

-- name: hold_skip_locked
-- PostgreSQL: the same, locked until the commit, leaving out what another transaction has locked.
SELECT l.unit FROM unit_lease l
WHERE l.unit IN (SELECT CAST(k.key AS BIGINT) FROM json_each(:units) AS k) AND l.work = :work
  AND (l.until <= :now OR l.holder = :holder)
ORDER BY l.unit FOR UPDATE SKIP LOCKED;

-- name: wait_for
-- PostgreSQL: a unit, locked until the commit, once it is free.
SELECT l.unit FROM unit_lease l WHERE l.unit = :unit AND l.work = :work FOR UPDATE;

-- name: write_lease
-- Take a lease whose row is held.
UPDATE unit_lease SET holder = :holder, until = :until WHERE unit = :unit AND work = :work;

-- name: renew
-- Go on with a lease, if no other process has taken it since.
UPDATE unit_lease SET until = :until WHERE unit = :unit AND work = :work AND holder = :holder RETURNING unit;

-- name: release
-- Let go of a lease.
UPDATE unit_lease SET holder = '', until = 0 WHERE unit = :unit AND work = :work AND holder = :holder;

-- name: poisoned
-- What a consumer has set aside, in all units.
SELECT unit, item, failures, error, retry_at FROM poisoned_item WHERE consumer = :consumer ORDER BY unit, item;

-- name: forget_poisoned
-- It has been processed after all.
DELETE FROM poisoned_item WHERE unit = :unit AND consumer = :consumer AND item = :item;

-- name: positions
-- How far a consumer has come in these units.
SELECT p.unit, p.position FROM consumer_position p
WHERE p.unit IN (SELECT CAST(k.key AS BIGINT) FROM json_each(:units) AS k)
  AND p.consumer = :consumer AND p.version = :version;

-- name: touched_after
-- The next households that wait to be folded, in order, beginning after one.
SELECT DISTINCT unit, household FROM touched
WHERE (unit, household) > (CAST(:unit AS BIGINT), CAST(:number AS BIGINT))
ORDER BY unit, household LIMIT :count;

-- name: due_after
-- The next households for which the time of a rule has come, in order, beginning after one.
SELECT DISTINCT d.unit, d.household FROM rule_due d
WHERE ((d.turn = 'day' AND d.until <= :today) OR (d.turn = 'instant' AND d.until <= :now))
  AND (d.unit, d.household) > (CAST(:unit AS BIGINT), CAST(:number AS BIGINT))
ORDER BY d.unit, d.household LIMIT :count;

-- name: units_behind
-- Units whose ledger goes on after the position of a consumer, with that position.
SELECT c.unit, COALESCE(p.position, 0) AS position
FROM unit_cursor c
LEFT JOIN consumer_position p ON p.unit = c.unit AND p.consumer = :consumer AND p.version = :version
WHERE c.unit > :unit
  AND EXISTS (SELECT 1 FROM event e WHERE e.unit = c.unit AND e.seq > COALESCE(p.position, 0))
ORDER BY c.unit LIMIT :count;

-- name: ledger_after
-- The ledger of a unit after a position.
SELECT e.seq FROM event e WHERE e.unit = :unit AND e.seq > :position ORDER BY e.seq LIMIT :count;

-- name: units_after_tick
-- Units for which an hour has been done that is yet to come.
SELECT p.unit, p.position FROM consumer_position p
WHERE p.unit > :unit AND p.consumer = :consumer AND p.position > :tick
ORDER BY p.unit LIMIT :count;

-- name: forget_position
-- A consumer begins anew in a unit.
DELETE FROM consumer_position WHERE unit = :unit AND consumer = :consumer;

-- name: units_before_tick
-- Units for which a day or hour has not yet been done.
SELECT c.unit FROM unit_cursor c
LEFT JOIN consumer_position p ON p.unit = c.unit AND p.consumer = :consumer AND p.version = :version
WHERE c.unit > :unit AND (p.position IS NULL OR p.position < :tick)
ORDER BY c.unit LIMIT :count;
