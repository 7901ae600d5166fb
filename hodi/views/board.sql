-- The supervisor's board and the lists behind its numbers. Every statement starts from one unit.

-- name: signals_of_unit
-- The signals of a unit that are open or acknowledged, worst and latest first. Grows with the signals that hold today.
{signal_lines}
WHERE s.unit = :unit AND s.state IN ('open', 'acknowledged') AND h.here = 1
ORDER BY CASE s.state WHEN 'open' THEN 0 ELSE 1 END, rank, s.last_day DESC, s.household, s.person, s.code, s.episode;

-- name: referrals_of_unit
-- The referrals of a unit whose loop is open, worst and latest first. Grows with the open referrals (index referral_open).
{referral_lines}
WHERE r.unit = :unit AND r.due_at IS NOT NULL
ORDER BY rank, r.made_at DESC, r.referral;

-- name: households_of_unit
-- The households of a unit with this month's visit, those not visited first. Grows with the unit's households.
SELECT h.unit, h.household, h.area, h.head_name, h.village, COALESCE(m.visits, 0) AS visits, m.last_day
FROM household h
LEFT JOIN visit_month m ON m.unit = h.unit AND m.household = h.household AND m.month = :month
WHERE h.unit = :unit AND h.here = 1
ORDER BY CASE WHEN m.visits IS NULL THEN 0 ELSE 1 END, COALESCE(h.village, ''), COALESCE(h.head_name, ''), h.household;

-- name: visits_of_day
-- The visits of one day, done or not. One seek per household of the unit.
SELECT h.unit, h.household, h.area, h.head_name, h.village, v.outcome
FROM household h
JOIN visit v ON v.unit = h.unit AND v.household = h.household AND v.day = :day
WHERE h.unit = :unit
ORDER BY v.visit;

-- name: quarantined
-- What was refused and nobody has dealt with, latest first (index quarantine_of_unit).
SELECT q.id, q.unit, q.received_at, q.code, q.detail, q.kind, q.occurred_day, a.name AS worker,
       p.name AS area_name
FROM quarantine q
LEFT JOIN device d ON d.device = q.device
LEFT JOIN account a ON a.account = d.account
LEFT JOIN place p ON p.place = d.area
WHERE q.unit = :unit AND q.resolved_at IS NULL
ORDER BY q.received_at DESC, q.id
LIMIT 200;
