-- HOUSEHOLD_VISIT: every household is visited at least once a month.
--
-- One window a calendar month. It is due :visit_every_days after the last visit (or the registration), within
-- the month, and overdue when more than :visit_overdue_days have passed since then: so a household that was
-- seen on the last day of a month does not come first on the first day of the next, and one that has not
-- been seen for two months does.
--
-- Source: national community health strategy (every household at least once a month); 35 days is Hodi's design.
-- from: household
WITH month_now AS (
  SELECT c.month, c.first_day, c.last_day
  FROM calendar_month c
  WHERE c.first_day = (SELECT MAX(n.first_day) FROM calendar_month n WHERE n.first_day <= :today)
),
seen AS (
  SELECT h.unit, h.household, h.registered_day, c.month, c.first_day, c.last_day, v.first_day AS done_day,
         COALESCE(
           (SELECT MAX(w.last_day) FROM visit_month w
            WHERE w.unit = h.unit AND w.household = h.household AND w.month < c.month),
           h.registered_day
         ) AS seen_day
  FROM household h
  CROSS JOIN month_now c
  LEFT JOIN visit_month v ON v.unit = h.unit AND v.household = h.household AND v.month = c.month
),
windowed AS (
  SELECT seen.*,
         CASE
           WHEN seen_day + :visit_every_days < first_day THEN first_day
           WHEN seen_day + :visit_every_days > last_day THEN last_day
           ELSE seen_day + :visit_every_days
         END AS due_day
  FROM seen
)
SELECT unit, household, 0 AS person, month AS episode,
       CASE WHEN registered_day > first_day THEN registered_day ELSE first_day END AS opens_day,
       due_day,
       CASE WHEN seen_day + :visit_overdue_days >= due_day THEN seen_day + :visit_overdue_days + 1 ELSE due_day + 1 END
         AS overdue_day,
       last_day AS closes_day,
       done_day,
       CASE WHEN seen_day = registered_day AND done_day IS NULL THEN 'never' ELSE 'again' END AS detail,
       last_day + 1 AS until_day
FROM windowed
