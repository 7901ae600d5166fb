-- What forms may know of a house before they ask.

-- name: inspection
-- about: household
-- What was counted when the house was looked at last.
SELECT day AS last_inspection_day, CAST(FLOOR(number) AS INTEGER) AS last_larvae
FROM finding
WHERE unit = :unit AND household = :household AND person = 0 AND concept = 'containers_larvae'
ORDER BY day DESC, event DESC;
