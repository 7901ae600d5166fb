-- What was stated about a household or one of its members, newest first, a page at a time. Parameters: :unit,
-- :household, :account, :limit; :person (0 = the household itself, −1 = anybody), :visit (0 = any), :event
-- (0 = any); :before_at and :before_id: the last entry of the page before.
-- row: TimelineRow
-- field: stated string; JSON: the values that count now, each as Stated.
-- field: amended 'corrected' | 'retracted' | null
-- field: sent 'waiting' | 'refused' | null; Its state in the outbox; null = the server has it.
-- field: mine number; 1 = she stated it herself, and may take it back.
-- field: amendable number; 1 = this phone holds its answers, so they can be put right.
-- field: household number!
SELECT e.id, e.kind, e.form, e.household, e.person, e.visit, e.occurred_at, e.occurred_day, e.recorded_at,
       p.given_name, p.family_name,
       (SELECT json_group_array(json_object('concept', o.concept, 'number', o.number, 'code', o.code, 'text', o.text))
        FROM observation o WHERE o.unit = e.unit AND o.event = COALESCE(a.source, e.id)) AS stated,
       CASE WHEN a.event IS NULL THEN NULL WHEN a.source IS NULL THEN 'retracted' ELSE 'corrected' END AS amended,
       b.state AS sent,
       CASE WHEN e.author = :account THEN 1 ELSE 0 END AS mine,
       CASE WHEN e.body IS NOT NULL AND e.form IS NOT NULL AND e.kind = 'assessment.recorded' AND e.author = :account
            THEN 1 ELSE 0 END AS amendable
FROM event e
LEFT JOIN amendment a ON a.unit = e.unit AND a.household = e.household AND a.event = e.id
LEFT JOIN outbox b ON b.event = e.id
LEFT JOIN person p ON p.unit = e.unit AND p.household = e.household AND p.person = e.person
WHERE e.unit = :unit AND e.household = :household
  AND (:person = -1 OR e.person = :person OR (:person = 0 AND (e.person IS NULL OR e.kind = 'person.registered')))
  AND (:visit = 0 OR e.visit = :visit)
  AND (:event = 0 OR e.id = :event)
  AND e.kind NOT IN ('event.corrected', 'event.retracted')
  AND (e.occurred_at < :before_at OR (e.occurred_at = :before_at AND e.id < :before_id))
ORDER BY e.occurred_at DESC, e.id DESC
LIMIT :limit
