-- What the round of the nets may know before it asks.

-- name: last_night
-- about: person
-- The night that somebody was asked about last.
SELECT slept AS last_slept
FROM net_night
WHERE unit = :unit AND household = :household AND person = :person
ORDER BY day DESC, event DESC;
