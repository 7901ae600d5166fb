-- Reading signals.

-- name: signals_of_household
-- The signals of a rule in a household, for its cases.
SELECT person, episode, class, state, first_day, last_day, detail, number_1, number_2, escalated
FROM signal WHERE unit = :unit AND household = :household AND code = :code ORDER BY person, episode;
