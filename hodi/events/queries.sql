-- Statements of the ledger. Sets of ids travel as the keys of a JSON object, which both engines read
-- with the same words: IN (SELECT CAST(k.key AS BIGINT) FROM json_each(:ids) AS k).

-- name: lock_unit
-- Hold a unit's ledger until the transaction ends, and see the last number given.
INSERT INTO unit_cursor (unit, seq) VALUES (:unit, 0)
ON CONFLICT (unit) DO UPDATE SET seq = unit_cursor.seq
RETURNING seq;

-- name: advance_unit
-- Numbers up to :seq are given.
UPDATE unit_cursor SET seq = :seq WHERE unit = :unit;

-- name: residences
-- Where households of a unit are.
SELECT h.household, h.area, h.moved_unit
FROM home h
WHERE h.unit = :unit AND h.household IN (SELECT CAST(k.key AS BIGINT) FROM json_each(:households) AS k);

-- name: known
-- Which of these ids stand in a unit's ledger. A lookup per id on both engines, whatever a planner
-- believes about the size of the ledger.
SELECT CAST(k.key AS BIGINT) AS id,
       (SELECT e.seq FROM event e WHERE e.unit = :unit AND e.id = CAST(k.key AS BIGINT)) AS seq
FROM json_each(:ids) AS k;

-- name: known_events
-- Those events, whole.
SELECT e.id, e.area, e.household, e.person, e.visit, e.kind, e.form, e.form_version, e.target,
       e.occurred_at, e.occurred_day, e.recorded_at, e.stamp, e.author, e.device, e.body, e.seq
FROM event e
WHERE e.unit = :unit AND e.id IN (SELECT CAST(k.key AS BIGINT) FROM json_each(:ids) AS k);

-- name: known_observations
-- Their values, in order.
SELECT o.event, o.household, o.person, o.concept, o.number, o.code, o.text, o.day
FROM observation o
WHERE o.unit = :unit AND o.event IN (SELECT CAST(k.key AS BIGINT) FROM json_each(:ids) AS k)
ORDER BY o.event, o.ordinal;

-- name: targets
-- What later events may speak of.
SELECT e.id, e.kind, e.household, e.occurred_day, e.target, e.author, e.device
FROM event e
WHERE e.unit = :unit AND e.id IN (SELECT CAST(k.key AS BIGINT) FROM json_each(:ids) AS k);

-- name: latest_stamps
-- The latest stamp of a household's facts, and the latest up to :possible.
SELECT MAX(e.stamp), MAX(CASE WHEN e.stamp <= :possible THEN e.stamp END)
FROM event e WHERE e.unit = :unit AND e.household = :household;

-- name: confirm_clock
-- An administrator has said that the clock is right.
INSERT INTO setting (name, value) VALUES ('clock_confirmed_at', :now)
ON CONFLICT (name) DO UPDATE SET value = excluded.value;

-- name: clock_confirmed
SELECT value FROM setting WHERE name = 'clock_confirmed_at';

-- name: latest_move
-- The latest stamp of a household's moves; the one with it decides where the household is.
SELECT MAX(e.stamp) FROM event e
WHERE e.unit = :unit AND e.household = :household AND e.kind = 'household.moved';

-- name: rehome
-- A household has another area of the same unit, or has come to the unit.
UPDATE home SET area = :area, moved_unit = NULL WHERE unit = :unit AND household = :household;

-- name: move_out
-- A household has gone to another unit.
UPDATE home SET moved_unit = :moved_unit WHERE unit = :unit AND household = :household;

-- name: count_missing
-- How many events of a household a unit that it moves to lacks.
SELECT COUNT(*) FROM event e
WHERE e.unit = :unit AND e.household = :household
  AND NOT EXISTS (SELECT 1 FROM event n WHERE n.unit = :to_unit AND n.id = e.id);

-- name: copy_observations
-- The values of the events that the new unit lacks; run before `copy_events`.
INSERT INTO observation (unit, event, ordinal, household, person, concept, number, code, text, day)
SELECT CAST(:to_unit AS BIGINT), o.event, o.ordinal, o.household, o.person, o.concept, o.number, o.code, o.text, o.day
FROM event e
JOIN observation o ON o.unit = e.unit AND o.event = e.id
WHERE e.unit = :unit AND e.household = :household
  AND NOT EXISTS (SELECT 1 FROM event n WHERE n.unit = :to_unit AND n.id = e.id);

-- name: copy_events
-- The events that the new unit lacks, numbered after :seq in their old order (+e.seq: sort the household's
-- events, do not walk the unit's).
INSERT INTO event (unit, id, area, household, person, visit, kind, form, form_version, target,
                   occurred_at, occurred_day, recorded_at, stamp, author, device, body, seq, received_at)
SELECT CAST(:to_unit AS BIGINT), e.id, e.area, e.household, e.person, e.visit, e.kind, e.form, e.form_version,
       e.target, e.occurred_at, e.occurred_day, e.recorded_at, e.stamp, e.author, e.device, e.body,
       :seq + ROW_NUMBER() OVER (ORDER BY +e.seq), e.received_at
FROM event e
WHERE e.unit = :unit AND e.household = :household
  AND NOT EXISTS (SELECT 1 FROM event n WHERE n.unit = :to_unit AND n.id = e.id);

-- name: feed_household
-- All events of a household for the phones of its new area, under positions after :seq.
INSERT INTO feed (unit, area, lane, pos, event, leaver)
SELECT e.unit, CAST(:area AS BIGINT), 1, :seq + ROW_NUMBER() OVER (ORDER BY +e.seq), e.id, NULL
FROM event e
WHERE e.unit = :unit AND e.household = :household;

-- name: household_ledger
-- The ids of a household's events, for its digest, with their kinds, for the fold.
SELECT e.id, e.kind FROM event e WHERE e.unit = :unit AND e.household = :household;

-- name: count_household
-- How many events a household's ledger holds.
SELECT COUNT(*) FROM event e WHERE e.unit = :unit AND e.household = :household;

-- name: kept_in_quarantine
-- What of a sender waits to be looked at, as hashes (index quarantine_of_device): the same is not kept twice.
SELECT q.hash FROM quarantine q
WHERE q.unit = :unit AND q.device = :device AND q.resolved_at IS NULL;

-- name: resolve_quarantine
-- These events of a sender were sent again and accepted.
UPDATE quarantine SET resolved_at = :now
WHERE unit = :unit AND device = :device AND resolved_at IS NULL
  AND event IN (SELECT CAST(k.key AS BIGINT) FROM json_each(:events) AS k);

-- name: bytes_of_day
-- How much a phone has filled on a day.
SELECT u.bytes FROM device_usage u WHERE u.unit = :unit AND u.device = :device AND u.day = :day;

-- name: forget_earlier_days
DELETE FROM device_usage WHERE unit = :unit AND device = :device AND day < :day;

-- name: note_bytes
-- It has filled :bytes more.
INSERT INTO device_usage (unit, device, day, bytes) VALUES (:unit, :device, :day, :bytes)
ON CONFLICT (unit, device, day) DO UPDATE SET bytes = device_usage.bytes + excluded.bytes;

-- name: look_into
-- A supervisor has dealt with what was refused; its words stay.
UPDATE quarantine SET resolved_at = :now
WHERE id = :id AND unit = :unit AND resolved_at IS NULL
RETURNING id;

-- name: skip_writer
-- Leave out :count numbers of one of the server's own writers.
INSERT INTO own_writer (device, counter) VALUES (:device, :count)
ON CONFLICT (device) DO UPDATE SET counter = own_writer.counter + excluded.counter;

-- name: advance_writer
-- Take :count numbers of one of the server's own writers; gives the last.
INSERT INTO own_writer (device, counter) VALUES (:device, :count)
ON CONFLICT (device) DO UPDATE SET counter = own_writer.counter + excluded.counter
RETURNING counter;
