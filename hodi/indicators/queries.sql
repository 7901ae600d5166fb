-- The figures of a community unit. Every statement starts from one unit (one shard) and names how it grows.

-- name: promoters
-- The areas of a unit and who works there. Grows with the areas of the unit (about ten).
-- Somebody else's post there gives a row without an account, after the promoter's.
SELECT a.place, a.name, ac.account, ac.name, ac.phone
FROM place a
LEFT JOIN post p ON p.place = a.place
LEFT JOIN account ac ON ac.account = p.account AND ac.role = 'chp' AND ac.active = 1
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
-- Open signals by class. Grows with the signals that hold today.
SELECT h.area, s.class, COUNT(*)
FROM signal s
JOIN household h ON h.unit = s.unit AND h.household = s.household
WHERE s.unit = :unit AND s.state = 'open' AND h.here = 1
GROUP BY h.area, s.class;

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

-- name: under_fives
-- Children under five living here, and of them those assessed between two days.
-- Grows with the members registered in the unit, plus one or two seeks per child; not with history.
SELECT COUNT(*),
       COUNT(*) FILTER (
         WHERE EXISTS (
           SELECT 1 FROM illness i
           WHERE i.unit = p.unit AND i.household = p.household AND i.day >= :first_day AND i.day <= :last_day
             AND i.person = p.person
         ) OR EXISTS (
           SELECT 1 FROM growth g
           WHERE g.unit = p.unit AND g.household = p.household AND g.day >= :first_day AND g.day <= :last_day
             AND g.person = p.person
         )
       )
FROM household h
JOIN person p ON p.unit = h.unit AND p.household = h.household
WHERE h.unit = :unit AND h.here = 1 AND p.state = 'here' AND p.birth_day > :born_after;

-- name: signals_by_code
-- Open signals by code. Grows with the signals that hold today.
SELECT s.code, COUNT(*)
FROM signal s
JOIN household h ON h.unit = s.unit AND h.household = s.household
WHERE s.unit = :unit AND s.state = 'open' AND h.here = 1
GROUP BY s.code;

-- name: referrals_made
-- Referrals made between two days and not called off, and of them those who reached a facility; those of
-- a household that has moved count where it is now. Grows with the referrals of those days (index
-- referral_made_on).
SELECT COUNT(*), COUNT(*) FILTER (WHERE r.arrived_at IS NOT NULL OR r.seen_at IS NOT NULL)
FROM referral r
JOIN household h ON h.unit = r.unit AND h.household = r.household AND h.here = 1
WHERE r.unit = :unit AND r.made_day >= :first_day AND r.made_day <= :last_day AND r.state <> 'cancelled';

-- name: units_under
-- The units below a sub-county or county, with their ward. Reference data only.
SELECT u.place, u.name, u.code, w.name, s.name
FROM place s
JOIN place w ON w.parent = s.place AND w.kind = 'ward'
JOIN place u ON u.parent = w.place AND u.kind = 'unit'
WHERE s.kind = 'sub_county' AND (s.place = :place OR s.parent = :place)
ORDER BY s.name, w.name, u.name, u.place;

-- name: households_listed
-- The households that `households_by_area` counts, with the last day of a visit in the month; no names.
-- Grows with the households of the unit.
SELECT m.last_day AS done_day
FROM household h
LEFT JOIN visit_month m ON m.unit = h.unit AND m.household = h.household AND m.month = :month
WHERE h.unit = :unit AND h.here = 1
ORDER BY COALESCE(m.last_day, 100000), h.household;

-- name: under_fives_listed
-- The children that `under_fives` counts, with the last day of an assessment between two days; no names.
-- Grows with the members registered in the unit, plus two seeks per child.
SELECT (SELECT MAX(i.day) FROM illness i
        WHERE i.unit = p.unit AND i.household = p.household AND i.day >= :first_day AND i.day <= :last_day
          AND i.person = p.person) AS illness_day,
       (SELECT MAX(g.day) FROM growth g
        WHERE g.unit = p.unit AND g.household = p.household AND g.day >= :first_day AND g.day <= :last_day
          AND g.person = p.person) AS growth_day
FROM household h
JOIN person p ON p.unit = h.unit AND p.household = h.household
WHERE h.unit = :unit AND h.here = 1 AND p.state = 'here' AND p.birth_day > :born_after
ORDER BY p.household, p.person;

-- name: referrals_listed
-- The referrals that `referrals_made` counts; no names. Grows with the referrals of those days (index
-- referral_made_on).
SELECT r.class AS class_, r.made_at, COALESCE(r.arrived_at, r.seen_at) AS arrived_at
FROM referral r
JOIN household h ON h.unit = r.unit AND h.household = r.household AND h.here = 1
WHERE r.unit = :unit AND r.made_day >= :first_day AND r.made_day <= :last_day AND r.state <> 'cancelled'
ORDER BY r.made_day, r.referral;

-- name: signals_listed
-- The open signals of one code that `signals_by_code` counts; no names. Grows with the signals that hold today.
SELECT s.class AS class_, s.first_day AS since_day
FROM signal s
JOIN household h ON h.unit = s.unit AND h.household = s.household
WHERE s.unit = :unit AND s.state = 'open' AND s.code = :code AND h.here = 1
ORDER BY s.first_day, s.household, s.person, s.episode;
