-- Small look-ups of the screens. What takes more than a few lines has a file of its own.

-- name: household
-- One household.
SELECT * FROM household WHERE unit = :unit AND household = :household;

-- name: visits
-- Visits of a household, the latest first.
SELECT day, visit, outcome, author, occurred_at FROM visit
WHERE unit = :unit AND household = :household
ORDER BY day DESC, visit DESC LIMIT :limit;

-- name: drafts
-- Unfinished forms, the latest first.
SELECT d.draft, d.form, d.household, d.person, d.changed_at, h.head_name, p.given_name, p.family_name
FROM draft d
LEFT JOIN household h ON h.household = d.household
LEFT JOIN person p ON p.household = d.household AND p.person = d.person
ORDER BY d.changed_at DESC;

-- name: signals
-- Open signals of a person (0 = of the household itself), the most pressing first.
SELECT household, person, code, episode, class, state, first_day, last_day, detail, number_1, number_2, escalated
FROM signal
WHERE unit = :unit AND household = :household AND person = :person AND state IN ('open', 'acknowledged')
ORDER BY CASE class WHEN 'emergency' THEN 0 WHEN 'urgent' THEN 1 WHEN 'priority' THEN 2 ELSE 3 END, last_day DESC;

-- name: person
-- One person.
SELECT * FROM person WHERE unit = :unit AND household = :household AND person = :person;

-- name: growth
-- Measurements of a person, in order.
SELECT * FROM growth WHERE unit = :unit AND household = :household AND person = :person ORDER BY day;

-- name: illness
-- Assessments of a person's illnesses, the latest first.
SELECT * FROM illness WHERE unit = :unit AND household = :household AND person = :person ORDER BY day DESC LIMIT 12;

-- name: pregnancies
-- Pregnancies of a person, the latest first.
SELECT * FROM pregnancy WHERE unit = :unit AND household = :household AND person = :person ORDER BY registered_day DESC;

-- name: antenatal_contacts
-- What was asked about antenatal contacts, in order.
SELECT day, next_day, danger FROM antenatal_contact
WHERE unit = :unit AND household = :household AND person = :person ORDER BY day;

-- name: antenatal_schedule
-- The contacts that a pregnancy should have, with their weeks.
SELECT contact, week FROM antenatal_schedule ORDER BY contact;

-- name: referrals
-- Referrals of a person, the latest first.
SELECT * FROM referral WHERE unit = :unit AND household = :household AND person = :person ORDER BY made_at DESC;

-- name: referral
-- One referral.
SELECT * FROM referral WHERE unit = :unit AND household = :household AND person = :person AND referral = :referral;

-- name: weight_reference
-- Points of the WHO weight-for-age reference, one a month: age in days, and L, M, S.
SELECT axis, l, m, s FROM growth_reference
WHERE measure = 'weight_for_age' AND sex = :sex AND axis % 30 = 0 AND axis <= 1860 ORDER BY axis;
