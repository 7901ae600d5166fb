-- SIGNALS_OPEN: the signals that are open today, by code. The same pattern of the same person is one signal
-- however often it is seen.
--
-- Source: our own design for the example.
-- from: household
SELECT s.unit, s.household, s.person,
       s.code AS cell,
       1 AS numerator,
       CAST(NULL AS INTEGER) AS day,
       s.first_day AS from_day,
       s.class AS class
FROM household h
LEFT JOIN signal s ON s.unit = h.unit AND s.household = h.household
WHERE COALESCE(s.state, '') = 'open'
