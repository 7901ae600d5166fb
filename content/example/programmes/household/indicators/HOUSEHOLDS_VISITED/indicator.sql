-- HOUSEHOLDS_VISITED: of the households that are registered and live here, those in which a visit was done in
-- the month.
--
-- Source: our own design for the example.
-- from: household
SELECT h.unit, h.household, 0 AS person, m.month,
       CASE WHEN v.last_day IS NULL THEN 0 ELSE 1 END AS numerator,
       1 AS denominator,
       v.last_day AS day
FROM household h
CROSS JOIN asked_month m
LEFT JOIN visit_month v ON v.unit = h.unit AND v.household = h.household AND v.month = m.month
