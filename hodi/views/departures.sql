-- Who left or died, for the supervisor.

-- name: departures_of_unit
-- The departures of a unit that wait for its supervisor, deaths first, the oldest first. Grows with those that
-- wait (index departure_waiting).
{departure_lines}
WHERE d.unit = :unit AND d.verdict = 'waiting' AND h.here = 1
ORDER BY CASE d.kind WHEN 'died' THEN 0 ELSE 1 END, d.told_at, d.departure;

-- name: departure
-- One departure of a household.
{departure_lines}
WHERE d.unit = :unit AND d.household = :household AND d.departure = :departure AND h.here = 1;
