-- Statements of the sync: dates that are put right, pages that come in, a device that takes a new number, the first copy.

-- name: cap_contacts
-- A contact that is still to come was never reached.
UPDATE outbox SET contact = :server_ms WHERE contact > :server_ms;

-- name: waiting
-- What waits and cannot have been received, in the order of its stamps.
SELECT e.unit, e.id, e.household, e.kind, e.target, e.occurred_at, e.occurred_day, e.recorded_at, e.stamp, o.contact, o.clock_offset
FROM outbox o CROSS JOIN event e ON e.unit = o.unit AND e.id = o.event
WHERE o.state = 'waiting' AND o.event NOT IN (SELECT value FROM json_each(:unanswered))
ORDER BY e.stamp, e.id;

-- name: redate_event
-- Date an event anew.
UPDATE event SET recorded_at = recorded_at + :shift, occurred_at = :occurred_at, occurred_day = :day, stamp = :stamp
WHERE unit = :unit AND id = :id;

-- name: redate_observations
-- What holds for the day of the event moves with it.
UPDATE observation SET day = :day WHERE unit = :unit AND event = :id AND day = :was;

-- name: shift_instants
-- So do instants that were reckoned from it.
UPDATE observation SET number = number + :shift
WHERE unit = :unit AND event = :id AND concept IN (SELECT value FROM json_each(:instants));

-- name: set_clock_offset
-- By how much the clock was put right when it was recorded.
UPDATE outbox SET clock_offset = :offset WHERE event = :id;

-- name: held_of
-- Which of some events are held.
SELECT e.id, e.seq, e.stamp, e.kind FROM json_each(:keys) k
CROSS JOIN event e ON e.unit = k.value ->> 0 AND e.id = k.value ->> 1;

-- name: received_of_household
-- Events of a household that the server was known to have.
SELECT id, kind, author FROM event WHERE unit = :unit AND household = :household AND seq IS NOT NULL;

-- name: post_again
-- An event that the server has lost waits again.
INSERT OR IGNORE INTO outbox (event, unit, urgent, contact, clock_offset, state)
SELECT id, unit, :urgent, MIN(recorded_at, :contact), 0, 'waiting' FROM event WHERE unit = :unit AND id = :id;

-- name: outbox
-- Everything in the outbox.
SELECT * FROM outbox;

-- name: repost
-- An event that was renamed, as it stood.
INSERT INTO outbox (event, unit, urgent, contact, clock_offset, state, code, detail)
VALUES (:event, :unit, :urgent, :contact, :clock_offset, :state, :code, :detail);

-- name: remove_empty_households
-- Households that no event speaks of any more.
DELETE FROM home
WHERE household IN (SELECT value FROM json_each(:old))
  AND NOT EXISTS (SELECT 1 FROM event e WHERE e.unit = home.unit AND e.household = home.household);

-- name: rename_in_drafts
-- The new ids in forms that are not finished; `renamed`: pairs of an old id and its new one.
UPDATE draft SET
  household = COALESCE((SELECT value ->> 1 FROM json_each(:renamed) WHERE value ->> 0 = draft.household), household),
  person = COALESCE((SELECT value ->> 1 FROM json_each(:renamed) WHERE value ->> 0 = draft.person), person),
  visit = COALESCE((SELECT value ->> 1 FROM json_each(:renamed) WHERE value ->> 0 = draft.visit), visit);

-- name: largest_ids
-- The largest ids between two, of events, households and persons.
SELECT MAX(CASE WHEN id > :low AND id < :high THEN id END) AS event,
       MAX(CASE WHEN household > :low AND household < :high THEN household END) AS household,
       MAX(CASE WHEN person > :low AND person < :high THEN person END) AS person
FROM event;

-- name: copy_observations
-- What the events of a snapshot (attached as handed_in) state, but for those that are held. Before the events: what is held already is known by them.
INSERT INTO observation (unit, event, ordinal, household, person, concept, number, code, text, day)
SELECT :unit, o.event, o.ordinal, e.household, COALESCE(o.person, e.person), o.concept, o.number, o.code, o.text,
       COALESCE(o.day, e.occurred_day)
FROM handed_in.observation o CROSS JOIN handed_in.event e ON e.id = o.event
WHERE NOT EXISTS (SELECT 1 FROM main.event held WHERE held.unit = :unit AND held.id = o.event);

-- name: copy_events
-- The snapshot's events, but for those that are held.
INSERT OR IGNORE INTO event (unit, id, area, household, person, visit, kind, form, form_version, target, occurred_at, occurred_day,
                             recorded_at, stamp, author, device, seq)
SELECT :unit, id, area, household, person, visit, kind, form, form_version, target, occurred_at, occurred_day,
       recorded_at, stamp, author, device, seq
FROM handed_in.event;
