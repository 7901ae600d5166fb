-- HOUSES_FREE: of the houses that were looked at in the month, those without larvae the last time.
--
-- Source: our own design for the example.
-- from: household
WITH looked AS (
  SELECT h.unit, h.household, m.month, f.day, f.number,
         ROW_NUMBER() OVER (PARTITION BY h.unit, h.household, m.month ORDER BY f.day DESC, f.event DESC) AS latest
  FROM household h
  CROSS JOIN asked_month m
  LEFT JOIN finding f ON f.unit = h.unit AND f.household = h.household AND f.person = 0
    AND f.concept = 'containers_larvae' AND f.day >= m.first_day AND f.day <= m.last_day
)
SELECT unit, household, 0 AS person, month,
       CASE WHEN number > 0 THEN 0 ELSE 1 END AS numerator,
       1 AS denominator,
       day
FROM looked
WHERE latest = 1 AND COALESCE(day, -1) <> -1
