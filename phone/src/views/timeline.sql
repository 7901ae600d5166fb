-- What happened with a person, newest first, with the observations worth a line. Parameters: :unit,
-- :household, :person, :limit.
SELECT e.id, e.kind, e.form, e.occurred_at, e.occurred_day, e.author,
       (SELECT json_group_array(json_object('concept', o.concept, 'number', o.number, 'code', o.code, 'text', o.text))
        FROM observation o WHERE o.unit = e.unit AND o.event = COALESCE(a.source, e.id)) AS stated,
       CASE WHEN a.event IS NULL THEN NULL WHEN a.source IS NULL THEN 'retracted' ELSE 'corrected' END AS amended,
       b.state AS sent,
       CASE WHEN e.body IS NOT NULL AND e.form IS NOT NULL AND e.kind = 'assessment.recorded' THEN 1 ELSE 0 END AS amendable
FROM event e
LEFT JOIN amendment a ON a.unit = e.unit AND a.household = e.household AND a.event = e.id
LEFT JOIN outbox b ON b.event = e.id
WHERE e.unit = :unit AND e.household = :household AND e.person = :person
  AND e.kind NOT IN ('event.corrected', 'event.retracted')
ORDER BY e.occurred_at DESC, e.id DESC
LIMIT :limit
