-- What forms may know of a child's growth before they ask.

-- name: growth
-- about: person
-- The last measurement.
SELECT day AS last_growth_day, weight_kg AS last_weight_kg, muac_mm AS last_muac_mm,
  length_cm AS last_length_cm, colour AS last_colour
FROM growth
WHERE unit = :unit AND household = :household AND person = :person
ORDER BY day DESC, event DESC;
