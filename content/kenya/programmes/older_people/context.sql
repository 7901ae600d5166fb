-- What forms may know of how a person moves before they ask.

-- name: mobility
-- about: person
-- The last check.
SELECT day AS last_mobility_day, walking AS last_walking
FROM mobility
WHERE unit = :unit AND household = :household AND person = :person
ORDER BY day DESC, event DESC;
