-- NETS_AGAIN: a household in which somebody slept without a net is asked again.
--
-- Due :nets_again_days after the round, late after :nets_late_days more. A later round is the follow-up.
--
-- Source: a test.
-- from: net_night
-- days: :nets_past_days
WITH round AS (
  SELECT n.unit, n.household, n.day, MIN(n.event) AS event, MIN(n.slept) AS all_slept
  FROM net_night n
  GROUP BY n.unit, n.household, n.day
),
follows AS (
  SELECT r.unit, r.household, r.day, r.event, r.all_slept,
         LEAD(r.day) OVER (PARTITION BY r.unit, r.household ORDER BY r.day) AS next_day
  FROM round r
)
SELECT f.unit, f.household, 0 AS person, f.event AS episode,
       f.day AS opens_day,
       f.day + :nets_again_days AS due_day,
       f.day + :nets_again_days + :nets_late_days AS overdue_day,
       f.day + :nets_past_days - 1 AS closes_day,
       f.next_day AS done_day,
       'again' AS detail,
       f.day + :nets_past_days AS until_day
FROM follows f
WHERE f.all_slept = 0
