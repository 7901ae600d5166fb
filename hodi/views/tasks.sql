-- The tasks of a unit.

-- name: tasks_of_unit
-- The open tasks of a unit that are due today, the longest overdue first. Grows with the tasks that are due
-- (index task_open).
SELECT k.unit, k.household, k.person, k.code, k.episode, k.opens_day, k.due_day, k.overdue_day, k.detail,
       h.area, h.head_name, p.given_name, p.middle_name, p.family_name, p.sex, p.birth_day
FROM task k
JOIN household h ON h.unit = k.unit AND h.household = k.household
LEFT JOIN person p ON p.unit = k.unit AND p.household = k.household AND p.person = k.person
WHERE k.unit = :unit AND k.state = 'open' AND k.due_day <= :today AND k.closes_day >= :today AND h.here = 1
ORDER BY k.overdue_day, k.household, k.person, k.code, k.episode;
