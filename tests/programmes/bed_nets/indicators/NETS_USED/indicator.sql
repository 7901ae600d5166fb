-- NETS_USED: of the members who were asked in the month, those who slept under a net.
--
-- Source: a test.
-- from: household
SELECT h.unit, h.household, n.person, m.month,
       MAX(n.slept) AS numerator,
       1 AS denominator,
       MAX(n.day) AS day
FROM household h
CROSS JOIN asked_month m
LEFT JOIN net_night n ON n.unit = h.unit AND n.household = h.household AND n.day >= m.first_day AND n.day <= m.last_day
WHERE n.person IS NOT NULL
GROUP BY h.unit, h.household, n.person, m.month
