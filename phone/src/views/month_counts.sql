-- Households of the area, and how many of them were visited in a month. Parameters: :unit, :area, :month.
-- row: MonthCounts
-- field: households number
-- field: visited number
SELECT COUNT(*) AS households, COUNT(v.household) AS visited
FROM household h
LEFT JOIN visit_month v ON v.unit = h.unit AND v.household = h.household AND v.month = :month
WHERE h.unit = :unit AND h.area = :area AND h.here = 1
