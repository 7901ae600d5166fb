-- What lists of a household's members show of children.

-- name: under_fives
-- about: household
-- The children below five years, since they were born.
SELECT person, birth_day AS day
FROM person
WHERE unit = :unit AND household = :household AND birth_day IS NOT NULL AND :today - birth_day <= :under_five_days;
