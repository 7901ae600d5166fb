-- What a person's page shows of how she moves.

-- name: mobility_checks
-- about: person
-- Each check, the latest first.
SELECT day,
  MAX(CASE WHEN concept = 'walking' THEN number END) AS walking,
  MAX(CASE WHEN concept = 'chair_rise_s' THEN number END) AS chair_rise_s,
  MAX(CASE WHEN concept = 'falls' THEN number END) AS falls
FROM finding
WHERE unit = :unit AND household = :household AND person = :person
  AND concept IN ('walking', 'chair_rise_s', 'falls')
GROUP BY day, event
ORDER BY day DESC, event DESC;
