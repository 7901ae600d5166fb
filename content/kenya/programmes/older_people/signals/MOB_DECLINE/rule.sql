-- MOB_DECLINE: an older or disabled person moves less well than before.
--
-- Looked at: people of :mob_decline_age_years and more, and those with a disability (stated, or walking at level 3
-- or 4 of the Washington Group). Any one of
--   walking  the last level is worse than the best of the :mob_decline_past_days before, by :mob_decline_levels or more;
--   chair    five chair rises: the last test and the latest at least :mob_decline_gap_days before it both took longer
--            than :mob_decline_slow_s seconds, or the last took longer than that one by :mob_decline_slower_pct per cent or more;
--   falls    :mob_decline_falls or more falls told in the :mob_decline_past_days up to the last check.
-- The last check expires after :mob_decline_past_days. The first that applies is shown, in this order.
--
-- Source: WHO Integrated Care for Older People (14 s for five chair rises); Washington Group short set;
-- change over time is Hodi's design, to be confirmed by a clinician.
-- from: finding
-- days: 2 * :mob_decline_past_days
WITH checked AS (
  SELECT f.unit, f.household, f.person, f.day, f.event, f.concept, f.number,
         MAX(CASE WHEN f.concept = 'walking' THEN f.number END)
           OVER (PARTITION BY f.unit, f.household, f.person, f.event) AS walking
  FROM finding f
  WHERE f.concept IN ('walking', 'chair_rise_s', 'falls')
),
aspect AS (
  SELECT c.unit, c.household, c.person,
         CASE c.concept WHEN 'walking' THEN 'walking' WHEN 'chair_rise_s' THEN 'chair' ELSE 'falls' END AS detail,
         CASE c.concept WHEN 'walking' THEN 1 WHEN 'chair_rise_s' THEN 2 ELSE 3 END AS rank,
         c.day, c.event, c.number AS value
  FROM checked c
  LEFT JOIN person p ON p.unit = c.unit AND p.household = c.household AND p.person = c.person
  WHERE COALESCE(p.state, '') = 'here'
    AND (c.day - p.birth_day >= :year_days * :mob_decline_age_years OR p.disability = 1 OR c.walking >= :walking_hard)
),
-- The last check of each aspect has no later one; of several on a day the later event's counts.
followed AS (
  SELECT aspect.*,
         LEAD(day) OVER (PARTITION BY unit, household, person, detail, rank ORDER BY day, event) AS next_day
  FROM aspect
),
compared AS (
  SELECT unit, household, person, detail, rank, day, event, value, next_day,
         MIN(value) OVER before AS best,
         LAST_VALUE(value) OVER well_before AS earlier,
         SUM(value) OVER up_to AS total,
         FIRST_VALUE(day) OVER up_to AS first_day,
         FIRST_VALUE(event) OVER up_to AS first_event
  FROM followed
  WHERE next_day IS NULL OR next_day > day
  WINDOW
    before AS (
      PARTITION BY unit, household, person, detail, rank ORDER BY day
      RANGE BETWEEN :mob_decline_past_days PRECEDING AND 1 PRECEDING
    ),
    well_before AS (
      PARTITION BY unit, household, person, detail, rank ORDER BY day
      RANGE BETWEEN :mob_decline_past_days PRECEDING AND :mob_decline_gap_days PRECEDING
    ),
    up_to AS (
      PARTITION BY unit, household, person, detail, rank ORDER BY day
      RANGE BETWEEN :mob_decline_past_days PRECEDING AND CURRENT ROW
    )
),
declining AS (
  SELECT compared.*,
         ROW_NUMBER() OVER (PARTITION BY unit, household, person ORDER BY rank) AS order_shown
  FROM compared
  WHERE next_day IS NULL AND day > :today - :mob_decline_past_days
    AND CASE detail
          WHEN 'walking' THEN CASE WHEN value - best >= :mob_decline_levels THEN 1 ELSE 0 END
          WHEN 'chair' THEN CASE
            WHEN value > :mob_decline_slow_s AND earlier > :mob_decline_slow_s THEN 1
            -- In whole milliseconds, because a fifth of a decimal is not one.
            WHEN FLOOR(value * 1000 + 0.5) * 100 >= FLOOR(earlier * 1000 + 0.5) * (100 + :mob_decline_slower_pct) THEN 1
            ELSE 0
          END
          ELSE CASE WHEN total >= :mob_decline_falls THEN 1 ELSE 0 END
        END = 1
)
SELECT unit, household, person, 0 AS episode, 'routine' AS class,
       first_day, day AS last_day, first_event, event AS last_event, detail,
       CASE detail WHEN 'walking' THEN best WHEN 'chair' THEN earlier ELSE total END AS number_1,
       CASE detail WHEN 'falls' THEN :mob_decline_past_days ELSE value END AS number_2,
       0 AS escalated, day + :mob_decline_past_days AS until_day
FROM declining
WHERE order_shown = 1
