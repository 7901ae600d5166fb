-- What forms may know of a household and of its members before they ask. From `birth_day` follow
-- `age_days`, `age_months` and `age_years`, completed by the calendar.

-- name: household
-- about: household
-- The household.
SELECT head_name, village, refused_day AS household_refused_day
FROM household
WHERE unit = :unit AND household = :household;

-- name: sanitation
-- about: household
-- Its water, sanitation and insurance, as told last.
WITH told AS (
  SELECT f.concept, f.number, ROW_NUMBER() OVER (PARTITION BY f.concept ORDER BY f.stamp DESC, f.event DESC, f.ordinal DESC) AS place
  FROM finding f
  WHERE f.unit = :unit AND f.household = :household AND f.person = 0
)
SELECT CAST(FLOOR(MAX(CASE WHEN concept = 'latrine' THEN number END)) AS INTEGER) AS latrine,
  CAST(FLOOR(MAX(CASE WHEN concept = 'handwashing' THEN number END)) AS INTEGER) AS handwashing,
  CAST(FLOOR(MAX(CASE WHEN concept = 'treated_water' THEN number END)) AS INTEGER) AS treated_water,
  CAST(FLOOR(MAX(CASE WHEN concept = 'insured' THEN number END)) AS INTEGER) AS insured
FROM told
WHERE place = 1;

-- name: person
-- about: person
-- The person.
SELECT given_name, middle_name, family_name,
  CASE WHEN given_name IS NULL THEN family_name WHEN family_name IS NULL THEN given_name
       ELSE given_name || ' ' || family_name END AS full_name,
  sex, birth_day, birth_estimated, relationship, disability, refused_day AS person_refused_day
FROM person
WHERE unit = :unit AND household = :household AND person = :person;

-- name: members
-- about: member
-- Who lives here and agrees that information is kept, the head of the household first, then the eldest.
SELECT person
FROM person
WHERE unit = :unit AND household = :household AND state = 'here' AND refused_day IS NULL
ORDER BY CASE WHEN relationship = 'head' THEN 0 ELSE 1 END, COALESCE(birth_day, 0), person;
