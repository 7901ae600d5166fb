-- Statements of the export file.

-- name: posted
-- What waits or needs fixing.
SELECT event, unit, urgent, contact, clock_offset FROM outbox ORDER BY event;

-- name: held
-- Whether an event stands in the ledger.
SELECT 1 FROM event WHERE unit = :unit AND id = :event;

-- name: post
-- It waits to be sent.
INSERT INTO outbox (event, unit, urgent, contact, clock_offset, state)
VALUES (:event, :unit, :urgent, :contact, :clock_offset, 'waiting');

-- name: home
-- The household is held from now on.
INSERT OR IGNORE INTO home (household, unit, events, digest, leaving) VALUES (:household, :unit, 0, 0, 0);
