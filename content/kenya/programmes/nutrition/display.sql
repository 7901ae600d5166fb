-- What a child's page shows of growth.

-- name: weights
-- about: person
-- Each weight with the age at which it was taken, the earliest first.
SELECT age_days, weight_kg, implausible AS odd
FROM growth
WHERE unit = :unit AND household = :household AND person = :person AND weight_kg IS NOT NULL AND age_days IS NOT NULL
ORDER BY day, event;

-- name: weight_curves
-- about: person
-- WHO's weight for age, one point a month: the median, and two and three standard deviations from it.
SELECT g.axis AS x,
  g.m * power(1 + g.l * g.s * 3, 1 / g.l) AS plus_3, g.m * power(1 + g.l * g.s * 2, 1 / g.l) AS plus_2, g.m AS median,
  g.m * power(1 - g.l * g.s * 2, 1 / g.l) AS minus_2, g.m * power(1 - g.l * g.s * 3, 1 / g.l) AS minus_3
FROM growth_reference g
WHERE g.measure = 'weight_for_age' AND g.axis % 30 = 0
  AND g.sex = COALESCE((
    SELECT CASE p.sex WHEN 'male' THEN 'male' END FROM person p
    WHERE p.unit = :unit AND p.household = :household AND p.person = :person), 'female')
ORDER BY g.axis;

-- name: last_weight
-- about: person
-- The latest weight, and how many there are.
SELECT COUNT(*) OVER () AS n, day, weight_kg, waz
FROM growth
WHERE unit = :unit AND household = :household AND person = :person AND weight_kg IS NOT NULL AND age_days IS NOT NULL
ORDER BY day DESC, event DESC LIMIT 1;

-- name: last_weight_approximate
-- about: person
-- A row where the latest weight's score rests on an estimated day of birth.
SELECT 'soft' AS tone
FROM (
  SELECT approximate FROM growth
  WHERE unit = :unit AND household = :household AND person = :person AND weight_kg IS NOT NULL AND age_days IS NOT NULL
  ORDER BY day DESC, event DESC LIMIT 1
) latest
WHERE approximate = 1;

-- name: last_length
-- about: person
-- The latest length or height.
SELECT CASE WHEN wlhz IS NULL THEN 'alone' ELSE 'with_weight' END AS detail, day, length_cm, lhaz, wlhz
FROM growth
WHERE unit = :unit AND household = :household AND person = :person AND length_cm IS NOT NULL
ORDER BY day DESC, event DESC LIMIT 1;

-- name: arms
-- about: person
-- Each arm circumference, the earliest first.
SELECT day, muac_mm
FROM growth
WHERE unit = :unit AND household = :household AND person = :person AND muac_mm IS NOT NULL
ORDER BY day, event;

-- name: last_arm
-- about: person
-- The latest arm circumference.
SELECT day, muac_mm
FROM growth
WHERE unit = :unit AND household = :household AND person = :person AND muac_mm IS NOT NULL
ORDER BY day DESC, event DESC LIMIT 1;

-- name: nutrition_colour
-- about: person
-- The latest class, and the measurement that gives it.
SELECT colour AS detail, colour AS tone, COALESCE(colour_from, 'muac') AS remark, day
FROM growth
WHERE unit = :unit AND household = :household AND person = :person AND colour IS NOT NULL
ORDER BY day DESC, event DESC LIMIT 1;

-- name: weight_scores
-- about: person
-- Each score of weight for age that can be believed, the earliest first.
SELECT day, waz
FROM growth
WHERE unit = :unit AND household = :household AND person = :person AND waz IS NOT NULL AND implausible = 0
ORDER BY day, event;

-- name: measurements
-- about: person
-- Each measurement, the latest first.
SELECT day, weight_kg, length_cm, muac_mm, waz, lhaz, wlhz, CASE WHEN muac_mm IS NOT NULL THEN colour END AS colour,
  CASE WHEN oedema = 1 THEN 'oedema ' ELSE '' END || CASE WHEN implausible = 1 THEN 'implausible ' ELSE '' END
    || CASE WHEN approximate = 1 THEN 'approximate' ELSE '' END AS remark
FROM growth
WHERE unit = :unit AND household = :household AND person = :person
ORDER BY day DESC, event DESC;
