-- name: find_setting
-- One of the store's settings.
SELECT value FROM setting WHERE name = :name

-- name: put_setting
-- State a setting anew.
INSERT INTO setting (name, value) VALUES (:name, :value)
ON CONFLICT (name) DO UPDATE SET value = excluded.value

-- name: find_anything
-- A row if the store is in use: somebody may log in, or something has been stated.
SELECT 1 WHERE EXISTS (SELECT 1 FROM account) OR EXISTS (SELECT 1 FROM unit_cursor)
