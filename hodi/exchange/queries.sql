-- Statements of the outbox. A set of partners travels as the keys of a JSON object.

-- name: units_due
-- Units with messages to these partners that are due.
SELECT DISTINCT o.unit FROM outbox o
WHERE o.state = 'waiting' AND o.next_at <= :now
  AND o.partner IN (SELECT k.key FROM json_each(:partners) AS k)
ORDER BY o.unit LIMIT :units_max;

-- name: due
-- Those of a unit.
SELECT o.partner, o.key, o.payload, o.revision, o.tries FROM outbox o
WHERE o.unit = :unit AND o.state = 'waiting' AND o.next_at <= :now
  AND o.partner IN (SELECT k.key FROM json_each(:partners) AS k)
ORDER BY o.next_at, o.partner, o.key LIMIT :count;

-- name: note_answer
-- What came of sending one, unless its payload has been replaced since.
UPDATE outbox SET state = :state, tries = :tries, next_at = :next_at, answered_at = :now, answer = :answer
WHERE unit = :unit AND partner = :partner AND key = :key AND revision = :revision;

-- name: send_anew
-- Take up what was given up.
UPDATE outbox SET state = 'waiting', tries = 0, next_at = :now
WHERE unit = :unit AND partner = :partner AND key = :key AND state = 'dead'
RETURNING key;

-- name: forget_sent
-- What was taken long ago.
DELETE FROM outbox WHERE unit = :unit AND state = 'sent' AND answered_at < :before;
