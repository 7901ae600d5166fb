-- The pages of a household and of a person.

-- name: household
-- One household as described now.
SELECT h.unit, h.household, h.area, a.name AS area_name, u.name AS unit_name, h.head_name, h.village, h.landmark, h.phone,
       h.registered_day, h.here, h.refused_day
FROM household h
LEFT JOIN place a ON a.place = h.area
LEFT JOIN place u ON u.place = h.unit
WHERE h.unit = :unit AND h.household = :household;

-- name: members
-- The members of one household, those living here first, oldest first.
SELECT p.person, p.given_name, p.middle_name, p.family_name, p.sex, p.birth_day, p.birth_estimated,
       p.relationship, p.phone, COALESCE(p.disability, 0) AS disability, p.state, p.state_day, p.refused_day
FROM person p
WHERE p.unit = :unit AND p.household = :household
ORDER BY CASE p.state WHEN 'here' THEN 0 ELSE 1 END, COALESCE(p.birth_day, 100000), p.person;

-- name: visits
-- The latest calls at one household.
SELECT v.day, v.outcome, a.name AS worker
FROM visit v LEFT JOIN account a ON a.account = v.author
WHERE v.unit = :unit AND v.household = :household
ORDER BY v.day DESC, v.visit DESC
LIMIT 24;

-- name: signals_of_household
-- Every signal of one household, whatever its state.
{signal_lines}
WHERE s.unit = :unit AND s.household = :household
ORDER BY CASE s.state WHEN 'open' THEN 0 WHEN 'acknowledged' THEN 1 ELSE 2 END, rank, s.first_day, s.person, s.code, s.episode;

-- name: referrals_of_household
-- Every referral of one household, latest first.
{referral_lines}
WHERE r.unit = :unit AND r.household = :household
ORDER BY r.made_at DESC, r.referral;

-- name: history
-- What was recorded about a person, latest first, with the event whose values count now (0 = withdrawn).
-- Grows with the events of the household (index event_of_household).
SELECT e.id AS event, e.kind, e.form, e.occurred_day AS day, a.name AS worker,
       CASE WHEN m.event IS NULL THEN e.id ELSE COALESCE(m.source, 0) END AS source
FROM event e
LEFT JOIN amendment m ON m.unit = e.unit AND m.household = e.household AND m.event = e.id
LEFT JOIN account a ON a.account = e.author
WHERE e.unit = :unit AND e.household = :household AND e.person = :person
  AND e.kind NOT IN ('event.corrected', 'event.retracted')
ORDER BY e.occurred_day DESC, e.stamp DESC, e.id DESC
LIMIT 40;

-- name: observations
-- What one event states.
SELECT o.concept, o.number, o.code, o.text
FROM observation o
WHERE o.unit = :unit AND o.event = :event
ORDER BY o.ordinal;

-- name: areas_for_moving
-- Areas a household can be moved to from a unit: those of every unit of the place of the level :reach around it.
WITH RECURSIVE above (place, kind, parent) AS (
  SELECT p.place, p.kind, p.parent FROM place p WHERE p.place = :unit
  UNION ALL
  SELECT p.place, p.kind, p.parent FROM above b JOIN place p ON p.place = b.parent
),
under (place, kind) AS (
  SELECT b.place, b.kind FROM above b WHERE b.kind = :reach
  UNION ALL
  SELECT p.place, p.kind FROM under d JOIN place p ON p.parent = d.place WHERE d.kind NOT IN ('unit', 'facility')
)
SELECT a.place AS area, a.name AS area_name, u.place AS unit, u.name AS unit_name
FROM under d
JOIN place u ON u.place = d.place AND u.kind = 'unit'
JOIN place a ON a.parent = u.place AND a.kind = 'area' AND a.retired_at IS NULL
ORDER BY u.name, u.place, a.name, a.place;
