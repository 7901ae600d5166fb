-- What the page of a household shows of its inspections.

-- name: inspections
-- about: household
-- Each inspection, the latest first.
SELECT day,
  MAX(CASE WHEN concept = 'containers_seen' THEN number END) AS containers_seen,
  MAX(CASE WHEN concept = 'containers_larvae' THEN number END) AS containers_larvae,
  MAX(CASE WHEN concept = 'containers_emptied' THEN number END) AS containers_emptied
FROM finding
WHERE unit = :unit AND household = :household AND person = 0
  AND concept IN ('containers_seen', 'containers_larvae', 'containers_emptied')
GROUP BY day, event
ORDER BY day DESC, event DESC;
