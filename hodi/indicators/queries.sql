-- The figures of a community unit. Every statement starts from one unit (one shard) and names how it grows.

-- name: promoters
-- The areas of a unit and who works there. Grows with the areas of the unit (about ten).
-- Somebody else's post there gives a row without an account, after the promoter's.
SELECT a.place, a.name, ac.account, ac.name, ac.phone
FROM place a
LEFT JOIN post p ON p.place = a.place
LEFT JOIN account ac ON ac.account = p.account AND ac.role = 'promoter' AND ac.active = 1
WHERE a.parent = :unit AND a.kind = 'area'
ORDER BY a.name, a.place, CASE WHEN ac.account IS NULL THEN 1 ELSE 0 END, COALESCE(ac.account, 0);

-- name: households_by_area
-- Households and, of them, those visited in the month. Grows with the households of the unit, not with history.
SELECT h.area, COUNT(*), COUNT(m.household)
FROM household h
LEFT JOIN visit_month m ON m.unit = h.unit AND m.household = h.household AND m.month = :month
WHERE h.unit = :unit AND h.here = 1
GROUP BY h.area;

-- name: visits_by_area
-- Calls on one day, and of them visits done. One seek per household of the unit.
SELECT h.area, COUNT(*), COUNT(*) FILTER (WHERE v.outcome = 'done')
FROM household h
JOIN visit v ON v.unit = h.unit AND v.household = h.household AND v.day = :day
WHERE h.unit = :unit
GROUP BY h.area;

-- name: signals_by_area
-- Open signals by class, the most pressing first. Grows with the signals that hold today.
SELECT h.area, s.class, COALESCE(u.rank, 99) AS rank, COUNT(*)
FROM signal s
JOIN household h ON h.unit = s.unit AND h.household = s.household
LEFT JOIN urgency u ON u.class = s.class
WHERE s.unit = :unit AND s.state = 'open' AND h.here = 1
GROUP BY h.area, s.class, u.rank
ORDER BY h.area, rank, s.class;

-- name: referrals_by_area
-- Referrals whose loop is open, and of them those whose next step is overdue.
-- Grows with the open referrals (index referral_open).
SELECT h.area, COUNT(*), COUNT(*) FILTER (WHERE r.due_at <= :now)
FROM referral r
JOIN household h ON h.unit = r.unit AND h.household = r.household
WHERE r.unit = :unit AND r.due_at IS NOT NULL
GROUP BY h.area;

-- name: tasks_by_area
-- Open tasks that are due today and not overdue yet, and those that are overdue. Grows with the tasks that are
-- due (index task_open).
SELECT h.area, COUNT(*) FILTER (WHERE k.overdue_day > :today), COUNT(*) FILTER (WHERE k.overdue_day <= :today)
FROM task k
JOIN household h ON h.unit = k.unit AND h.household = k.household
WHERE k.unit = :unit AND k.state = 'open' AND k.due_day <= :today AND k.closes_day >= :today AND h.here = 1
GROUP BY h.area;

-- name: phones
-- The phones in use in a unit whose owners work where they are, latest sync last: a promoter who takes an
-- area over does not inherit the silence of the one before her. Grows with the promoters of the unit.
SELECT d.area, d.last_sync_at, d.waiting, d.skew_ms, d.enrolled_at
FROM device d
JOIN account a ON a.account = d.account AND a.active = 1
JOIN post p ON p.account = d.account AND p.place = d.area
WHERE d.unit = :unit AND d.revoked_at IS NULL
ORDER BY d.area, COALESCE(d.last_sync_at, 0), d.device;

-- name: promoters_of_unit
-- What an indicator that starts from `promoter` is about: the areas of a unit that have a promoter, and when
-- a phone there last synced whose owner works where it is. Grows with the areas of the unit (about ten).
SELECT a.parent AS unit, a.place AS area, MIN(ac.account) AS account,
       (SELECT MAX(d.last_sync_at)
        FROM device d
        JOIN account o ON o.account = d.account AND o.active = 1
        JOIN post q ON q.account = d.account AND q.place = d.area
        WHERE d.unit = a.parent AND d.area = a.place AND d.revoked_at IS NULL) AS last_sync_at
FROM place a
JOIN post p ON p.place = a.place
JOIN account ac ON ac.account = p.account AND ac.role = 'promoter' AND ac.active = 1
WHERE a.parent = :unit AND a.kind = 'area'
GROUP BY a.parent, a.place;

-- name: units_under
-- The units below a place of any level, each with the place directly below that it lies in (`group_place`), and
-- the one below that (`row_place`). Reference data only.
WITH RECURSIVE under (place, kind, depth, group_place, row_place) AS (
  SELECT s.place, s.kind, 0, s.place, s.place FROM place s WHERE s.place = :place
  UNION ALL
  SELECT p.place, p.kind, a.depth + 1, CASE WHEN a.depth = 0 THEN p.place ELSE a.group_place END,
         CASE WHEN a.depth < 2 THEN p.place ELSE a.row_place END
  FROM under a JOIN place p ON p.parent = a.place WHERE a.kind NOT IN ('unit', 'facility')
)
SELECT u.place AS unit, u.name, a.row_place, r.kind AS row_kind, r.name AS row_name, r.code AS row_code,
       a.group_place, g.kind AS group_kind, g.name AS group_name
FROM under a
JOIN place u ON u.place = a.place
JOIN place r ON r.place = a.row_place
JOIN place g ON g.place = a.group_place
WHERE a.kind = 'unit'
ORDER BY g.name, g.place, r.name, r.place, u.name, u.place;

-- name: values_under
-- The indicators of every unit below a place of any level in a month, and with :also = 0 as of now: the areas
-- of each added up. CROSS JOIN keeps SQLite to this order: a seek for each unit. Grows with the areas below the place, not with households or time.
WITH RECURSIVE under (place, kind) AS (
  SELECT s.place, s.kind FROM place s WHERE s.place = :place
  UNION ALL
  SELECT p.place, p.kind FROM under a JOIN place p ON p.parent = a.place WHERE a.kind <> 'unit'
)
SELECT v.unit, v.code, v.cell, CAST(SUM(v.numerator) AS BIGINT) AS numerator,
       CAST(SUM(v.denominator) AS BIGINT) AS denominator
FROM under a
CROSS JOIN indicator_value v
WHERE a.kind = 'unit' AND v.unit = a.place AND v.month IN (:month, :also)
GROUP BY v.unit, v.code, v.cell;

-- name: households_of_area
-- The households that live in an area (index household_of_area).
SELECT h.household FROM household h WHERE h.unit = :unit AND h.area = :area AND h.here = 1 ORDER BY h.household;

-- name: households_of_unit
-- Those of a unit.
SELECT h.household FROM household h WHERE h.unit = :unit AND h.here = 1 ORDER BY h.household;

-- name: areas_of_unit
-- The areas of a unit in which households live or lived.
SELECT DISTINCT h.area FROM household h WHERE h.unit = :unit ORDER BY h.area;

-- name: areas_in_scope
-- In which area the households of the scope are (SQLite).
SELECT h.unit, h.household, h.area
FROM temp.scope s CROSS JOIN household h
WHERE h.unit = s.unit AND h.household = s.household;

-- name: areas_in_scope_postgres
-- The same on PostgreSQL, where the scope is two arrays.
SELECT h.unit, h.household, h.area
FROM unnest(:units::bigint[], :households::bigint[]) AS s (unit, household)
JOIN household h ON h.unit = s.unit AND h.household = s.household;

-- name: due_after
-- The next areas in which an indicator is to be counted, in order, beginning after one. Grows with what is due:
-- the plus keeps SQLite from walking through everything by the key (index indicator_due_at).
SELECT DISTINCT +d.unit AS unit, +d.area AS area FROM indicator_due d
WHERE d.due_day <= :today AND (+d.unit, +d.area) > (CAST(:unit AS BIGINT), CAST(:number AS BIGINT))
ORDER BY 1, 2 LIMIT :count;

-- name: take_due
-- What is due in an area, taken off the list.
DELETE FROM indicator_due WHERE unit = :unit AND area = :area AND due_day <= :today RETURNING code, since_month;

-- name: forget_values
-- The values of an indicator in an area, of the months between two days. By the key: it reads what it deletes.
DELETE FROM indicator_value
WHERE unit = :unit AND area = :area AND code = :code
  AND month IN (SELECT c.month FROM calendar_month c WHERE c.first_day >= :from_day AND c.first_day <= :to_day);

-- name: forget_value_of_now
-- And of one that is as of now.
DELETE FROM indicator_value WHERE unit = :unit AND area = :area AND code = :code AND month = 0;

-- name: forget_old_months
-- The values of an area in months that are no longer kept.
DELETE FROM indicator_value WHERE unit = :unit AND area = :area AND month > 0 AND month < :first;

-- name: forget_months_to_come
-- And in months that are yet to come: a clock ran ahead.
DELETE FROM indicator_value WHERE unit = :unit AND area = :area AND month > :last;

-- name: forget_values_in
-- All values of a unit.
DELETE FROM indicator_value WHERE unit = :unit;

-- name: forget_due_in
-- And when they were to be counted again.
DELETE FROM indicator_due WHERE unit = :unit;

-- name: forget_values_of
-- An indicator is no more.
DELETE FROM indicator_value WHERE code = :code;

-- name: forget_due_of
-- And when it was to be counted.
DELETE FROM indicator_due WHERE code = :code;

-- name: all_due
-- An indicator is due at once in every area, for every month.
INSERT INTO indicator_due (unit, area, code, since_month, due_day)
SELECT DISTINCT unit, area, CAST(:code AS TEXT), 0, 0 FROM household WHERE household > 0
ON CONFLICT (unit, area, code) DO UPDATE SET since_month = 0, due_day = 0;

-- name: unit_due
-- The same in a unit.
INSERT INTO indicator_due (unit, area, code, since_month, due_day)
SELECT DISTINCT unit, area, CAST(:code AS TEXT), 0, 0 FROM household WHERE unit = :unit
ON CONFLICT (unit, area, code) DO UPDATE SET since_month = 0, due_day = 0;

-- name: indicator_marks
-- By code, the mark of the indicator that the store was counted with.
SELECT value FROM setting WHERE name = 'indicator_marks';

-- name: note_indicator_marks
INSERT INTO setting (name, value) VALUES ('indicator_marks', :marks)
ON CONFLICT (name) DO UPDATE SET value = excluded.value;
