-- name: answers
-- Events with raw answers among some seqs of a unit's ledger, in their order.
SELECT e.id, e.household, e.form, e.form_version, e.occurred_day, e.body
FROM event e
WHERE e.unit = :unit AND e.seq >= :first AND e.seq <= :last AND e.form IS NOT NULL AND e.body IS NOT NULL
ORDER BY e.seq;

-- name: resolved
-- What was dealt with of an event's faults.
SELECT question, reason, resolved_at FROM answer_fault
WHERE unit = :unit AND event = :event AND resolved_at IS NOT NULL;

-- name: forget
-- The faults of an event.
DELETE FROM answer_fault WHERE unit = :unit AND event = :event;

-- name: note
-- One fault.
INSERT INTO answer_fault (unit, event, ordinal, household, form, form_version, question, reason, found_at, resolved_at)
VALUES (:unit, :event, :ordinal, :household, :form, :form_version, :question, :reason, :found_at, :resolved_at);

-- name: faults
-- The data-quality list of a unit: what nobody has dealt with, the latest events first.
SELECT f.unit, f.event, f.ordinal, f.household, f.form, f.form_version, f.question, f.reason, f.found_at,
       e.area, e.occurred_day AS day, a.name AS worker
FROM answer_fault f
JOIN event e ON e.unit = f.unit AND e.id = f.event
LEFT JOIN account a ON a.account = e.author
WHERE f.unit = :unit AND f.resolved_at IS NULL
ORDER BY f.event DESC, f.ordinal
LIMIT :count;

-- name: resolve
-- A supervisor has dealt with a fault.
UPDATE answer_fault SET resolved_at = :now
WHERE unit = :unit AND event = :event AND ordinal = :ordinal AND resolved_at IS NULL
RETURNING event;
