-- What forms may know of a child's growth before they ask.

-- name: growth
-- about: person
-- The last measurement.
SELECT day AS last_growth_day, weight_kg AS last_weight_kg, muac_mm AS last_muac_mm,
  length_cm AS last_length_cm, colour AS last_colour
FROM growth
WHERE unit = :unit AND household = :household AND person = :person
ORDER BY day DESC, event DESC;

-- name: growth_standards
-- about: standards
-- What WHO's growth standards say of a child of this sex: at this age, and at every length or height.
SELECT g.measure AS measure, g.axis AS at, g.l AS l, g.m AS m, g.s AS s
FROM person p
LEFT JOIN growth_reference g ON g.sex = p.sex
 AND g.measure = CASE WHEN :today - p.birth_day < :length_below_days THEN 'weight_for_length' ELSE 'weight_for_height' END
WHERE p.unit = :unit AND p.household = :household AND p.person = :person AND p.birth_day IS NOT NULL
  AND COALESCE(g.measure, '') <> ''
UNION ALL
SELECT g.measure, g.axis, g.l, g.m, g.s
FROM person p
LEFT JOIN growth_reference g ON g.sex = p.sex AND g.measure IN ('weight_for_age', 'length_height_for_age')
 AND g.axis = :today - p.birth_day
WHERE p.unit = :unit AND p.household = :household AND p.person = :person
  AND COALESCE(g.measure, '') <> '';
