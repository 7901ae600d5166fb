-- name: list_units
-- Units with a ledger.
SELECT unit FROM unit_cursor ORDER BY unit

-- name: count_waiting
-- Households whose record is older than their ledger.
SELECT COUNT(*) FROM (SELECT DISTINCT unit, household FROM touched) AS waiting

-- name: count_everything
-- What the store holds, in one row.
SELECT
  (SELECT COUNT(*) FROM unit_cursor) AS units,
  (SELECT COUNT(*) FROM event) AS events,
  (SELECT COUNT(*) FROM household WHERE here = 1) AS households,
  (SELECT COUNT(*) FROM person WHERE state = 'here') AS people,
  (SELECT COUNT(*) FROM signal WHERE state = 'open') AS signals,
  (SELECT COUNT(*) FROM (SELECT DISTINCT unit, household FROM touched) AS waiting) AS waiting,
  (SELECT COUNT(*) FROM quarantine WHERE resolved_at IS NULL) AS refused,
  (SELECT MAX(received_at) FROM event) AS received_at
