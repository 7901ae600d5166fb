-- An account's latest events and where they are: what needs fixing first, then what waits, then what was
-- received. By number, not by age: a clock that is years ahead hides nothing. Parameters: :account, :limit.
-- row: OutboxRow
-- field: amendable number; 1 = this phone holds its answers.
-- field: state 'waiting' | 'refused' | 'received'
WITH lately AS (
  SELECT e.unit, e.id, e.kind, e.form, e.occurred_at, e.occurred_day, e.household, e.person,
         CASE WHEN e.body IS NOT NULL AND e.form IS NOT NULL THEN 1 ELSE 0 END AS amendable,
         COALESCE(o.state, 'received') AS state, o.code, o.detail,
         CASE o.state WHEN 'refused' THEN 0 WHEN 'waiting' THEN 1 ELSE 2 END AS rank
  FROM event e
  LEFT JOIN outbox o ON o.event = e.id
  WHERE e.author = :account
  ORDER BY rank, e.occurred_at DESC, e.id DESC
  LIMIT :limit
)
SELECT e.id AS event, e.kind, e.form, e.occurred_at, e.occurred_day, e.household, e.person,
       h.head_name, p.given_name, p.family_name, p.birth_day, e.amendable, e.state, e.code, e.detail
FROM lately e
LEFT JOIN household h ON h.unit = e.unit AND h.household = e.household
LEFT JOIN person p ON p.unit = e.unit AND p.household = e.household AND p.person = e.person
ORDER BY e.rank, e.occurred_at DESC, e.id DESC
