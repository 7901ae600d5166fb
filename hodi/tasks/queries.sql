-- Reading tasks.

-- name: tasks_of_household
-- The tasks of a rule in a household, for its cases.
SELECT person, episode, opens_day, due_day, overdue_day, closes_day, done_day, state, detail
FROM task WHERE unit = :unit AND household = :household AND code = :code ORDER BY person, episode;
