-- HOUSEHOLD_VISIT: a household is visited :visit_every_days after the last visit, or after its registration.
--
-- Late after :visit_overdue_days more. The episode is the day that it is counted from, so that every machine
-- makes the same task.
--
-- Source: our own design for the example.
-- from: household
WITH counted AS (
  SELECT h.unit, h.household,
         COALESCE((SELECT MAX(v.last_day) FROM visit_month v WHERE v.unit = h.unit AND v.household = h.household),
                  h.registered_day) AS since_day
  FROM household h
)
SELECT unit, household, 0 AS person, since_day AS episode,
       since_day + :visit_every_days AS opens_day,
       since_day + :visit_every_days AS due_day,
       since_day + :visit_every_days + :visit_overdue_days + 1 AS overdue_day,
       since_day + :visit_every_days + 365 AS closes_day,
       CAST(NULL AS INTEGER) AS done_day,
       'due' AS detail,
       CASE WHEN :today < since_day + :visit_every_days THEN since_day + :visit_every_days
            ELSE since_day + :visit_every_days + 366 END AS until_day
FROM counted
