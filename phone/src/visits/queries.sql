-- Statements of drafts, and of the events that are put right.

-- name: draft
-- One draft.
SELECT * FROM draft WHERE draft = :draft;

-- name: drafts_of
-- Drafts of a form about the same household and person, the latest first.
SELECT * FROM draft WHERE form = :form AND household IS :household AND person IS :person ORDER BY draft DESC;

-- name: last_draft
-- The highest number in use.
SELECT MAX(draft) AS last FROM draft;

-- name: begin_draft
-- A new draft.
INSERT INTO draft (draft, form, version, household, person, visit, answers, started_at, changed_at)
VALUES (:draft, :form, :version, :household, :person, :visit, :answers, :now, :now);

-- name: keep_draft
-- The answers given so far.
UPDATE draft SET answers = :answers, version = :version, changed_at = :now WHERE draft = :draft;

-- name: drop_draft
-- Forget a draft.
DELETE FROM draft WHERE draft = :draft;

-- name: unit_of_event
-- The unit in whose ledger an event of a held household stands.
SELECT h.unit FROM home h CROSS JOIN event e ON e.unit = h.unit AND e.id = :event WHERE e.household = h.household;

-- name: day_of_event
-- The local day on which an event of a held household happened.
SELECT e.occurred_day AS day FROM home h CROSS JOIN event e ON e.unit = h.unit AND e.id = :event WHERE e.household = h.household;

-- name: is_stated
-- Whether an event is held.
SELECT 1 FROM event WHERE unit = :unit AND id = :event;

-- name: refusal_of_household
-- Since when a household does not agree that information is kept; all columns, because an older pack has not this one.
SELECT h.* FROM home o CROSS JOIN household h ON h.unit = o.unit AND h.household = o.household WHERE o.household = :household;

-- name: refusal_of_person
-- Whether a person is here, and since when she does not agree.
SELECT p.* FROM home o CROSS JOIN person p ON p.unit = o.unit AND p.household = o.household AND p.person = :person
WHERE o.household = :household;

-- name: stated_with
-- What a filling of a form stated: the events of one moment; not what was said of them afterwards.
SELECT id FROM event
WHERE unit = :unit AND household = :household AND form = :form AND recorded_at = :recorded_at AND author = :author
  AND kind NOT IN ('event.corrected', 'event.retracted');

-- name: corrections_of
-- What was said in place of an event and counts: corrections that nobody took back, the latest first.
SELECT c.id FROM event c
WHERE c.unit = :unit AND c.household = :household AND c.kind = 'event.corrected' AND c.target = :event
  AND NOT EXISTS (
    SELECT 1 FROM event r
    WHERE r.unit = c.unit AND r.household = c.household AND r.kind = 'event.retracted' AND r.target = c.id)
ORDER BY c.stamp DESC, c.id DESC;

-- name: retractions_of
-- Why an event does not count: retractions of it that nobody took back.
SELECT c.id FROM event c
WHERE c.unit = :unit AND c.household = :household AND c.kind = 'event.retracted' AND c.target = :event
  AND NOT EXISTS (
    SELECT 1 FROM event r
    WHERE r.unit = c.unit AND r.household = c.household AND r.kind = 'event.retracted' AND r.target = c.id);

-- name: members_since
-- Everybody known in a household, with the day of registration.
SELECT p.person, p.registered_day FROM home o CROSS JOIN person p ON p.unit = o.unit AND p.household = o.household
WHERE o.household = :household;
