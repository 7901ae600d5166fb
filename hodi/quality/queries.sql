-- name: answers
-- Events with raw answers among some seqs of a unit's ledger, in their order.
SELECT e.id, e.household, e.form, e.form_version, e.occurred_day, e.body
FROM event e
WHERE e.unit = :unit AND e.seq >= :first AND e.seq <= :last AND e.form IS NOT NULL AND e.body IS NOT NULL
ORDER BY e.seq;

-- name: forget
-- The faults of an event.
DELETE FROM answer_fault WHERE unit = :unit AND event = :event;

-- name: note
-- One fault.
INSERT INTO answer_fault (unit, event, ordinal, household, form, form_version, question, reason, found_at)
VALUES (:unit, :event, :ordinal, :household, :form, :form_version, :question, :reason, :found_at);

-- name: faults
-- The data-quality list of a unit, the latest events first.
SELECT event, ordinal, household, form, form_version, question, reason, found_at
FROM answer_fault
WHERE unit = :unit
ORDER BY event DESC, ordinal
LIMIT :count;
