-- NETS_UNUSED: several members slept without a net in the latest round.
--
-- Source: a test.
-- from: net_night
-- days: :nets_past_days
WITH latest AS (
  SELECT n.unit, n.household, n.person, n.day, n.event, n.slept,
         MAX(n.day) OVER (PARTITION BY n.unit, n.household) AS last_day
  FROM net_night n
),
without AS (
  SELECT l.unit, l.household, l.day, COUNT(*) AS members, MIN(l.event) AS first_event, MAX(l.event) AS last_event
  FROM latest l
  WHERE l.day = l.last_day AND l.slept = 0
  GROUP BY l.unit, l.household, l.day
)
SELECT w.unit, w.household, 0 AS person, 0 AS episode, 'routine' AS class,
       w.day AS first_day, w.day AS last_day, w.first_event, w.last_event,
       'without' AS detail, CAST(w.members AS DOUBLE PRECISION) AS number_1, CAST(NULL AS DOUBLE PRECISION) AS number_2,
       0 AS escalated, w.day + :nets_past_days AS until_day
FROM without w
WHERE w.members >= :nets_unused_members AND w.day > :today - :nets_past_days
