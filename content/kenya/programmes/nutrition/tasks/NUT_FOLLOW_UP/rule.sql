-- NUT_FOLLOW_UP: measure a child again whose last measurement was red or yellow.
--
-- Red for the first time: the next day, to see that the child was taken to the facility; red again: every
-- :nut_follow_red_days, until the facility discharges it. Yellow: after :nut_follow_yellow_days. Each reading
-- is followed by its own window; the next reading, whatever its colour, takes its place.
--
-- Source: windows of the national community health system for a red arm (first day, up to five days late);
-- rechecks of 7 and 14 days and how long a window stays open are Hodi's design.
-- from: growth
-- days: :nut_follow_past_days
WITH coloured AS (
  SELECT g.unit, g.household, g.person, g.day, g.event, g.colour,
         ROW_NUMBER() OVER (PARTITION BY g.unit, g.household, g.person ORDER BY g.day DESC, g.event DESC) AS place,
         LEAD(g.colour) OVER (PARTITION BY g.unit, g.household, g.person ORDER BY g.day DESC, g.event DESC) AS colour_before,
         LEAD(g.day) OVER (PARTITION BY g.unit, g.household, g.person ORDER BY g.day DESC, g.event DESC) AS day_before
  FROM growth g
  WHERE g.colour IS NOT NULL
),
followed AS (
  SELECT c.unit, c.household, c.person, c.day, c.day_before, c.event, c.colour,
         CASE
           WHEN c.colour = 'yellow' THEN :nut_follow_yellow_days
           WHEN c.colour_before = 'red' THEN :nut_follow_red_days
           ELSE :nut_follow_first_days
         END AS after_days,
         CASE c.colour WHEN 'yellow' THEN :nut_follow_yellow_late_days ELSE :nut_follow_red_late_days END AS late_days
  FROM coloured c
  LEFT JOIN person p ON p.unit = c.unit AND p.household = c.household AND p.person = c.person
  WHERE c.place = 1 AND c.colour IN ('red', 'yellow') AND COALESCE(p.state, '') = 'here'
)
SELECT unit, household, person, event AS episode,
       day + 1 AS opens_day,
       day + after_days AS due_day,
       day + after_days + late_days + 1 AS overdue_day,
       day + after_days + :nut_follow_open_days AS closes_day,
       CAST(NULL AS INTEGER) AS done_day,
       colour AS detail,
       -- On this day the reading before is out of sight, or else this one.
       COALESCE(day_before, day) + :nut_follow_past_days AS until_day
FROM followed
