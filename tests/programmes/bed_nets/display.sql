-- What pages show of the nets.

-- name: net_nights
-- about: person
-- Each night that was asked about, the latest first.
SELECT day, slept
FROM net_night
WHERE unit = :unit AND household = :household AND person = :person
ORDER BY day DESC, event DESC;

-- name: last_net_round
-- about: household
-- How many slept under a net in the latest round.
SELECT 'round' AS detail, n.day, SUM(n.slept) AS slept, COUNT(*) AS asked
FROM net_night n
WHERE n.unit = :unit AND n.household = :household
  AND n.day = (SELECT MAX(l.day) FROM net_night l WHERE l.unit = n.unit AND l.household = n.household)
GROUP BY n.day;
