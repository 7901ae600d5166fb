-- An account's events and where they are: what needs fixing first, then what waits, then what was received
-- lately. Parameters: :account, :since (recorded after, ms), :limit.
SELECT e.id AS event, e.kind, e.form, e.occurred_at, e.occurred_day, e.household, e.person,
       h.head_name, p.given_name, p.family_name, p.birth_day,
       CASE WHEN e.body IS NOT NULL AND e.form IS NOT NULL THEN 1 ELSE 0 END AS amendable,
       COALESCE(o.state, 'received') AS state, o.code, o.detail
FROM event e
LEFT JOIN outbox o ON o.event = e.id
LEFT JOIN household h ON h.unit = e.unit AND h.household = e.household
LEFT JOIN person p ON p.unit = e.unit AND p.household = e.household AND p.person = e.person
WHERE e.author = :account AND (o.event IS NOT NULL OR e.recorded_at > :since)
ORDER BY CASE o.state WHEN 'refused' THEN 0 WHEN 'waiting' THEN 1 ELSE 2 END, e.occurred_at DESC, e.id DESC
LIMIT :limit
