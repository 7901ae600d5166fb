-- Which households a turn of the clock concerns.

-- name: households_after
-- The next households of a unit, in order.
SELECT household FROM household WHERE unit = :unit AND household > :after ORDER BY household LIMIT :households_max;

-- name: households_awaiting_after
-- Those of them with a referral whose loop is open (index referral_open).
SELECT DISTINCT household FROM referral
WHERE unit = :unit AND due_at IS NOT NULL AND household > :after
ORDER BY household LIMIT :households_max;

-- name: units
-- Units with households on record.
SELECT DISTINCT unit FROM household ORDER BY unit;

-- name: signals_of_household
-- The signals of a rule in a household, for its cases.
SELECT person, episode, class, state, first_day, last_day, detail, number_1, number_2, escalated
FROM signal WHERE unit = :unit AND household = :household AND code = :code ORDER BY person, episode;
