-- The supervisor's page of a referral.

-- name: referral_steps
-- What was stated about a referral, in order, with the event whose values count now (0 = taken back). Grows
-- with the events of the household (index event_of_household).
SELECT e.id AS event, e.kind, e.occurred_at AS at, e.author, a.name AS worker,
       CASE WHEN m.event IS NULL THEN e.id ELSE COALESCE(m.source, 0) END AS source
FROM event e
LEFT JOIN amendment m ON m.unit = e.unit AND m.household = e.household AND m.event = e.id
LEFT JOIN account a ON a.account = e.author
WHERE e.unit = :unit AND e.household = :household AND (e.id = :referral OR e.target = :referral)
  AND e.kind NOT IN ('event.corrected', 'event.retracted')
ORDER BY e.stamp, e.id;

-- name: referral_version
-- The latest place in the ledger of what was stated about a referral, or about such a statement.
SELECT COALESCE(MAX(e.seq), 0) AS version
FROM event e
LEFT JOIN event s ON s.unit = e.unit AND s.id = e.target
WHERE e.unit = :unit AND e.household = :household
  AND (e.id = :referral OR e.target = :referral OR s.target = :referral);

-- name: promoters_of_area
-- Who works in an area now.
SELECT a.name, a.phone
FROM post o JOIN account a ON a.account = o.account
WHERE o.place = :area AND a.role = 'promoter' AND a.active = 1
ORDER BY a.account;

-- name: desk_of_facility
-- Who can be called at the facility with a master facility code.
SELECT a.name, a.phone
FROM place f
JOIN post o ON o.place = f.place
JOIN account a ON a.account = o.account
WHERE f.kind = 'facility' AND f.code = :facility AND a.role = 'nurse' AND a.active = 1 AND a.phone IS NOT NULL
ORDER BY a.account;
