-- INSPECTION: a house is looked at :inspect_every_days after the last time, or at once after its registration.
--
-- Late after :inspect_overdue_days more. The episode is the day that it is counted from.
--
-- Source: our own design for the example.
-- from: household
WITH counted AS (
  SELECT h.unit, h.household, h.registered_day,
         (SELECT MAX(f.day) FROM finding f
          WHERE f.unit = h.unit AND f.household = h.household AND f.person = 0 AND f.concept = 'containers_larvae')
           AS last_day
  FROM household h
),
due AS (
  SELECT unit, household, COALESCE(last_day, registered_day) AS since_day,
         CASE WHEN last_day IS NULL THEN registered_day ELSE last_day + :inspect_every_days END AS due_day,
         CASE WHEN last_day IS NULL THEN 'first' ELSE 'again' END AS detail
  FROM counted
)
SELECT unit, household, 0 AS person, since_day AS episode,
       due_day AS opens_day,
       due_day,
       due_day + :inspect_overdue_days + 1 AS overdue_day,
       due_day + 365 AS closes_day,
       CAST(NULL AS INTEGER) AS done_day,
       detail,
       CASE WHEN :today < due_day THEN due_day ELSE due_day + 366 END AS until_day
FROM due
