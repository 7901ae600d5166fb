-- What a woman's page shows of her pregnancy: of several open ones, the one registered last.

-- name: pregnancy_week
-- about: person
-- The week that her pregnancy is in.
SELECT (:today - lmp_day) / 7 AS week
FROM pregnancy
WHERE unit = :unit AND household = :household AND person = :person AND ended_day IS NULL AND lmp_day IS NOT NULL
ORDER BY registered_day DESC, pregnancy DESC LIMIT 1;

-- name: pregnancy_expected
-- about: person
-- The day on which she is, or was, expected to deliver, and where it comes from.
SELECT CASE WHEN edd_day < :today THEN 'past' ELSE 'expected' END AS detail, edd_source AS remark, edd_day AS edd_date
FROM pregnancy
WHERE unit = :unit AND household = :household AND person = :person AND ended_day IS NULL
ORDER BY registered_day DESC, pregnancy DESC LIMIT 1;

-- name: pregnancy_danger
-- about: person
-- A row where a danger sign was recorded in it.
SELECT 'bad' AS tone
FROM (
  SELECT high_risk FROM pregnancy
  WHERE unit = :unit AND household = :household AND person = :person AND ended_day IS NULL
  ORDER BY registered_day DESC, pregnancy DESC LIMIT 1
) latest
WHERE high_risk = 1;

-- name: pregnancy_appointment
-- about: person
-- The clinic's appointment.
SELECT CASE WHEN next_contact_day < :today THEN 'past' ELSE 'next' END AS detail, next_contact_day AS next_date
FROM (
  SELECT next_contact_day FROM pregnancy
  WHERE unit = :unit AND household = :household AND person = :person AND ended_day IS NULL
  ORDER BY registered_day DESC, pregnancy DESC LIMIT 1
) latest
WHERE next_contact_day IS NOT NULL;

-- name: pregnancy_contacts
-- about: person
-- One row a contact: those that she has had, then those of the schedule. How many she has had may be told without
-- the days: the days that are known are then those of the latest contacts.
WITH pregnant AS (
  SELECT unit, household, person, lmp_day, contacts
  FROM pregnancy
  WHERE unit = :unit AND household = :household AND person = :person AND ended_day IS NULL
  ORDER BY registered_day DESC, pregnancy DESC LIMIT 1
),
day_known AS (
  SELECT DISTINCT c.contact_day AS day
  FROM pregnant p
  LEFT JOIN antenatal_contact c ON c.unit = p.unit AND c.household = p.household AND c.person = p.person
  WHERE COALESCE(c.contact_day, -100000) >= COALESCE(p.lmp_day, -99999)
),
known AS (
  SELECT day, ROW_NUMBER() OVER (ORDER BY day DESC) AS back FROM day_known
),
-- A schedule's length times itself is more contacts than anybody has.
place AS (
  SELECT a.contact + (b.contact - 1) * (SELECT MAX(s.contact) FROM antenatal_schedule s) AS n
  FROM antenatal_schedule a
  CROSS JOIN antenatal_schedule b
)
SELECT place.n AS contact, s.week,
  CASE WHEN place.n <= p.contacts THEN 'had' WHEN (:today - p.lmp_day) / 7 > s.week THEN 'late' ELSE 'open' END AS state,
  CASE WHEN place.n > p.contacts THEN 'due' WHEN k.day IS NULL THEN 'day_unknown' ELSE 'had' END AS detail, k.day
FROM pregnant p
LEFT JOIN place ON place.n <= p.contacts OR place.n <= (SELECT MAX(s.contact) FROM antenatal_schedule s)
LEFT JOIN antenatal_schedule s ON s.contact = place.n
LEFT JOIN known k ON k.back = p.contacts - place.n + 1 AND place.n <= p.contacts
ORDER BY place.n;

-- name: pregnancies
-- about: person
-- Each pregnancy, the latest first.
SELECT registered_day, CASE WHEN ended_day IS NULL THEN (:today - lmp_day) / 7 END AS week, edd_day AS edd_date, edd_source, contacts, last_contact_day, next_contact_day AS next_date, ended_day, outcome
FROM pregnancy
WHERE unit = :unit AND household = :household AND person = :person
ORDER BY registered_day DESC, pregnancy DESC;

-- name: open_pregnancies
-- about: household
-- Who is pregnant, and since when that is known.
SELECT person, MAX(registered_day) AS day
FROM pregnancy
WHERE unit = :unit AND household = :household AND ended_day IS NULL
GROUP BY person;
