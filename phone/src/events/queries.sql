-- Statements of the ledger, the outbox, the households that are held, and the queue of the fold.

-- name: insert_events
-- Events, given as JSON arrays of these columns.
INSERT INTO event (unit, id, area, household, person, visit, kind, form, form_version, target, occurred_at, occurred_day,
                   recorded_at, stamp, author, device, body, seq)
SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7, value ->> 8,
       value ->> 9, value ->> 10, value ->> 11, value ->> 12, value ->> 13, value ->> 14, value ->> 15, value ->> 16, value ->> 17
FROM json_each(:rows);

-- name: insert_observations
-- What they state.
INSERT INTO observation (unit, event, ordinal, household, person, concept, number, code, text, day)
SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7, value ->> 8, value ->> 9
FROM json_each(:rows);

-- name: events
-- Events by unit and id, in the order of `keys`.
SELECT e.unit, e.id, e.area, e.household, e.person, e.visit, e.kind, e.form, e.form_version, e.target, e.occurred_at, e.occurred_day,
       e.recorded_at, e.stamp, e.author, e.device, e.body, e.seq
FROM json_each(:keys) k
CROSS JOIN event e ON e.unit = k.value ->> 0 AND e.id = k.value ->> 1
ORDER BY k.key;

-- name: observations
-- What they state: person and day only where they are not the event's own.
SELECT o.event, o.concept, o.number, o.code, o.text,
       CASE WHEN o.person IS NOT e.person THEN o.person END AS person,
       CASE WHEN o.day <> e.occurred_day THEN o.day END AS day
FROM json_each(:keys) k
CROSS JOIN event e ON e.unit = k.value ->> 0 AND e.id = k.value ->> 1
CROSS JOIN observation o ON o.unit = e.unit AND o.event = e.id
ORDER BY o.event, o.ordinal;

-- name: amendable
-- What of an event decides how far its amendment reaches.
SELECT kind, occurred_day, target FROM event WHERE unit = :unit AND id = :id;

-- name: amended
-- An event of a household that is held, as whoever amends it needs to know it.
SELECT e.author, e.device, e.kind, e.household, e.person, e.visit, e.target, e.occurred_at
FROM home h CROSS JOIN event e ON e.unit = h.unit AND e.id = :event
WHERE e.household = h.household;

-- name: latest_stamp
-- The latest stamp, at most `latest`, but for some events.
SELECT MAX(stamp) AS stamp FROM event WHERE stamp <= :latest AND id NOT IN (SELECT value FROM json_each(:except));

-- name: touch
-- Queue households for the fold: (unit, household, kind, since_day).
INSERT INTO touched (unit, household, kind, since_day)
SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(:rows) WHERE true
ON CONFLICT (unit, household, kind) DO UPDATE SET since_day = MIN(since_day, excluded.since_day);

-- name: touch_wholly
-- Queue a household for the fold from its beginning.
INSERT INTO touched (unit, household, kind, since_day)
SELECT DISTINCT unit, household, kind, :start_day FROM event WHERE unit = :unit AND household = :household
ON CONFLICT (unit, household, kind) DO UPDATE SET since_day = excluded.since_day;

-- name: touched
-- The queue of the fold.
SELECT unit, household, kind, since_day FROM touched;

-- name: clear_touched
-- Empty it.
DELETE FROM touched;

-- name: unit_of_household
-- The unit in whose ledger a household is kept here.
SELECT unit FROM home WHERE household = :household;

-- name: hold_household
-- A household is held from now on.
INSERT OR IGNORE INTO home (household, unit, events, digest, leaving) VALUES (:household, :unit, 0, 0, 0);

-- name: count_received
-- Add events that the server has to the digest of their household.
INSERT INTO home (household, unit, events, digest, leaving) VALUES (:household, :unit, :count, :sum, 0)
ON CONFLICT (household) DO UPDATE
SET events = events + excluded.events, digest = (digest + excluded.digest) % :modulus;

-- name: digests
-- The digests of the households that stay.
SELECT household, events, digest FROM home WHERE leaving = 0 ORDER BY household;

-- name: clear_digests
-- Before they are counted anew.
UPDATE home SET events = 0, digest = 0;

-- name: received
-- Every event of a household that the server is known to have.
SELECT id, unit, household FROM event WHERE seq IS NOT NULL AND household IS NOT NULL;

-- name: announce_leaving
-- These households have left the scope.
UPDATE home SET leaving = 1 WHERE household IN (SELECT value FROM json_each(:households));

-- name: call_off_leaving
-- These have come back.
UPDATE home SET leaving = 0 WHERE leaving = 1 AND household IN (SELECT value FROM json_each(:households));

-- name: leavers
-- Households that have left, and of which nothing waits or needs fixing.
SELECT household, unit FROM home
WHERE leaving = 1 AND NOT EXISTS (
  SELECT 1 FROM outbox o JOIN event e ON e.unit = o.unit AND e.id = o.event WHERE e.household = home.household);

-- name: remove_observations_of_household
-- Remove what its events state.
DELETE FROM observation WHERE unit = :unit AND event IN (SELECT id FROM event WHERE unit = :unit AND household = :household);

-- name: remove_events_of_household
-- Remove its events.
DELETE FROM event WHERE unit = :unit AND household = :household;

-- name: remove_household
-- It is no longer held.
DELETE FROM home WHERE household = :household;

-- name: remove_drafts_of_household
-- Remove its unfinished forms.
DELETE FROM draft WHERE household = :household;

-- name: move_observations
-- What a household's events state is kept under another unit.
UPDATE observation SET unit = :unit
WHERE unit = :old AND event IN (SELECT id FROM event WHERE unit = :old AND household = :household);

-- name: move_outbox
-- So is what of it waits.
UPDATE outbox SET unit = :unit WHERE event IN (SELECT id FROM event WHERE unit = :old AND household = :household);

-- name: move_events
-- So are its events.
UPDATE event SET unit = :unit WHERE unit = :old AND household = :household;

-- name: move_household
-- So is the household.
UPDATE home SET unit = :unit WHERE household = :household;

-- name: post
-- An event waits to be sent.
INSERT INTO outbox (event, unit, urgent, contact, clock_offset, state)
VALUES (:event, :unit, :urgent, :contact, :offset, 'waiting');

-- name: posted
-- An event's state in the outbox.
SELECT state, code, detail FROM outbox WHERE event = :event;

-- name: seq_of_event
-- The server's number of an event of a household that is held.
SELECT e.seq FROM home h CROSS JOIN event e ON e.unit = h.unit AND e.id = :event WHERE e.household = h.household;

-- name: tally
-- How many events wait, and how many need fixing.
SELECT COUNT(*) FILTER (WHERE state = 'waiting') AS waiting, COUNT(*) FILTER (WHERE state = 'refused') AS needs_fixing FROM outbox;

-- name: to_send
-- What waits and is not dated or stamped ahead, or before the contact that came before it: urgent events first.
SELECT o.unit, o.event
FROM outbox o CROSS JOIN event e ON e.unit = o.unit AND e.id = o.event
WHERE o.state = 'waiting'
  AND e.recorded_at <= :latest AND e.stamp <= :latest_stamp AND e.recorded_at >= o.contact - :behind
ORDER BY o.urgent DESC, o.event LIMIT :limit;

-- name: to_ask_about
-- What may have been received under a date that is no longer believed: only the server knows.
SELECT o.unit, o.event
FROM outbox o CROSS JOIN event e ON e.unit = o.unit AND e.id = o.event
WHERE o.state = 'waiting' AND o.event IN (SELECT value FROM json_each(:unanswered))
  AND NOT (e.recorded_at <= :latest AND e.stamp <= :latest_stamp AND e.recorded_at >= o.contact - :behind)
ORDER BY o.event LIMIT :limit;

-- name: posted_household
-- Where an event of the outbox belongs.
SELECT o.unit, e.household, o.state FROM outbox o CROSS JOIN event e ON e.unit = o.unit AND e.id = o.event WHERE o.event = :event;

-- name: set_seq
-- The server's number of an event; NULL = it has it no longer.
UPDATE event SET seq = :seq WHERE unit = :unit AND id = :id;

-- name: remove_posted
-- An event waits no longer.
DELETE FROM outbox WHERE event = :event;

-- name: refuse
-- An event needs fixing.
UPDATE outbox SET state = 'refused', code = :code, detail = :detail WHERE event = :event;

-- name: resend
-- A refused event waits again.
UPDATE outbox SET state = 'waiting', code = NULL, detail = NULL WHERE event = :event AND state = 'refused';

-- name: remove_observations
-- Remove what an event states.
DELETE FROM observation WHERE unit = :unit AND event = :event;

-- name: remove_event
-- Remove an event.
DELETE FROM event WHERE unit = :unit AND id = :event;
