-- Positions of the consumers.

-- name: setting
-- A position by its name.
SELECT value FROM setting WHERE name = :name;

-- name: note_setting
-- Move a position.
INSERT INTO setting (name, value) VALUES (:name, :value)
ON CONFLICT (name) DO UPDATE SET value = excluded.value;

-- name: unit_after
-- The next unit that has households on record.
SELECT unit FROM household WHERE unit > :unit ORDER BY unit LIMIT 1;
