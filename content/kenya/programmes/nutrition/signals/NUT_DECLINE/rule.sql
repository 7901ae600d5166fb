-- NUT_DECLINE: a child is losing ground, three measurements in a row.
--
-- The last reading of an index, the latest at least :nut_decline_gap_days before it, and the latest at least
-- as long before that one: all within :nut_decline_span_days, each lower than the one before, and in total
-- lower by :nut_decline_fall_mm of arm circumference, :nut_decline_fall_z of weight-for-age, or
-- :nut_decline_fall_kg of the weight itself, which needs no day of birth. Readings in between (weekly
-- rechecks) are not looked at. A reading outside WHO's flag limits does not count, nor does weight-for-age
-- where the day of birth is an estimate. A fall whose last reading is still at :nut_decline_healthy_z or above
-- stays within the healthy range. If several indices fall, the arm is shown before weight-for-age, and that
-- before the weight.
--
-- Source: WHO Child Growth Standards for what exceeds the error of measuring (5 mm, 0.5 z); gap, span,
-- expiry and the healthy range are Hodi's design, to be tuned on local data and confirmed by a clinician.
-- from: growth
-- days: :nut_decline_expiry_days + :nut_decline_span_days
WITH reading AS (
  SELECT g.unit, g.household, g.person, 1 AS measure, g.day, g.event, g.muac_mm AS value, g.mfaz AS z
  FROM growth g
  WHERE g.age_days >= :muac_from_days AND g.muac_mm IS NOT NULL
    AND COALESCE(g.mfaz, 0) >= -:score_flag_mfaz AND COALESCE(g.mfaz, 0) <= :score_flag_mfaz
  UNION ALL
  SELECT g.unit, g.household, g.person, 2, g.day, g.event, g.waz, g.waz
  FROM growth g
  WHERE g.approximate = 0 AND g.waz >= -:score_flag_waz_low AND g.waz <= :score_flag_waz_high
  UNION ALL
  SELECT g.unit, g.household, g.person, 3, g.day, g.event, g.weight_kg,
         COALESCE(g.wlhz, CASE g.approximate WHEN 0 THEN g.waz END)
  FROM growth g
  WHERE g.weight_kg IS NOT NULL AND g.oedema = 0
    AND COALESCE(g.waz, 0) >= -:score_flag_waz_low AND COALESCE(g.waz, 0) <= :score_flag_waz_high
),
-- The last of the readings has no later one; of several on a day the later event's counts.
followed AS (
  SELECT reading.*,
         LEAD(day) OVER (PARTITION BY unit, household, person, measure ORDER BY day, event) AS next_day
  FROM reading
),
-- Each reading with the one before it …
second AS (
  SELECT unit, household, person, measure, day, event, value, z, next_day,
         LAST_VALUE(day) OVER earlier AS day_2,
         LAST_VALUE(value) OVER earlier AS value_2
  FROM followed
  WHERE next_day IS NULL OR next_day > day
  WINDOW earlier AS (
    PARTITION BY unit, household, person, measure ORDER BY day
    RANGE BETWEEN UNBOUNDED PRECEDING AND :nut_decline_gap_days PRECEDING
  )
),
-- … and, because the last row of the same frame is that one before, with the one before that.
third AS (
  SELECT unit, household, person, measure, day, event, value, z, next_day, day_2, value_2,
         LAST_VALUE(day_2) OVER earlier AS day_3,
         LAST_VALUE(value_2) OVER earlier AS value_3,
         LAST_VALUE(event) OVER earlier AS event_2
  FROM second
  WINDOW earlier AS (
    PARTITION BY unit, household, person, measure ORDER BY day
    RANGE BETWEEN UNBOUNDED PRECEDING AND :nut_decline_gap_days PRECEDING
  )
),
falling AS (
  SELECT t.unit, t.household, t.person, t.measure, t.day, t.event, t.event_2, t.value, t.value_3, t.day_3,
         ROW_NUMBER() OVER (PARTITION BY t.unit, t.household, t.person ORDER BY t.measure) AS place
  FROM third t
  LEFT JOIN person p ON p.unit = t.unit AND p.household = t.household AND p.person = t.person
  WHERE COALESCE(p.state, '') = 'here'
    AND t.next_day IS NULL
    AND t.day > :today - :nut_decline_expiry_days
    AND t.day - t.day_3 <= :nut_decline_span_days
    AND t.value < t.value_2 AND t.value_2 < t.value_3
    AND (t.z IS NULL OR t.z < :nut_decline_healthy_z)
    -- Compared in whole hundredths, because the difference of two decimals is not one.
    AND FLOOR((t.value_3 - t.value) * 100 + 0.5) >=
        FLOOR(CASE t.measure
                WHEN 1 THEN :nut_decline_fall_mm * 100
                WHEN 2 THEN :nut_decline_fall_z * 100
                ELSE :nut_decline_fall_kg * 100
              END + 0.5)
)
SELECT unit, household, person, 0 AS episode, 'priority' AS class,
       day_3 AS first_day, day AS last_day, event_2 AS first_event, event AS last_event,
       CASE measure WHEN 1 THEN 'muac' WHEN 2 THEN 'weight' ELSE 'kilograms' END AS detail,
       CASE measure WHEN 2 THEN FLOOR((value_3 - value) * 100 + 0.5) / 100 ELSE value_3 END AS number_1,
       CASE measure WHEN 2 THEN day - day_3 ELSE value END AS number_2,
       0 AS escalated, day + :nut_decline_expiry_days AS until_day
FROM falling
WHERE place = 1
