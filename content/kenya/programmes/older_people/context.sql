-- What forms may know of how a person moves before they ask.

-- name: mobility
-- about: person
-- The last check.
SELECT day AS last_mobility_day,
  CAST(FLOOR(MAX(CASE WHEN concept = 'walking' THEN number END)) AS INTEGER) AS last_walking
FROM finding
WHERE unit = :unit AND household = :household AND person = :person
  AND concept IN ('walking', 'chair_rise_s', 'falls')
GROUP BY day, event
ORDER BY day DESC, event DESC;
