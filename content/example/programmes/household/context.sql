-- What forms may know of a household and of its members before they ask. From `birth_day` follow
-- `age_days`, `age_months` and `age_years`, completed by the calendar.

-- name: household
-- about: household
-- The household.
SELECT head_name, village, refused_day AS household_refused_day
FROM household
WHERE unit = :unit AND household = :household;

-- name: person
-- about: person
-- The person.
SELECT given_name, family_name, sex, birth_day, birth_estimated, refused_day AS person_refused_day
FROM person
WHERE unit = :unit AND household = :household AND person = :person;

-- name: members
-- about: member
-- Who lives here and agrees that information is kept.
SELECT person
FROM person
WHERE unit = :unit AND household = :household AND state = 'here' AND refused_day IS NULL
ORDER BY COALESCE(birth_day, 0), person;
