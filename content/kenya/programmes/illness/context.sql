-- What forms may know of the place before they ask.

-- name: malaria_risk
-- about: household
-- Whether malaria is endemic where the household lives, as places.csv says it; unknown where that says nothing.
SELECT f.value AS malaria_risk
FROM household h
LEFT JOIN place_fact f ON f.unit = h.unit AND f.area = h.area AND f.fact = 'malaria_risk'
WHERE h.unit = :unit AND h.household = :household;
