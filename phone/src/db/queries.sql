-- Statements of the settings, and of a pack that is taken into use.

-- name: setting
-- One setting, as JSON.
SELECT value FROM setting WHERE name = :name;

-- name: set_setting
-- Keep it.
INSERT INTO setting (name, value) VALUES (:name, :value) ON CONFLICT (name) DO UPDATE SET value = excluded.value;

-- name: forget_setting
-- Forget it.
DELETE FROM setting WHERE name = :name;

-- name: tables
-- The tables that are there.
SELECT name FROM sqlite_master WHERE type = 'table';

-- name: touch_everything
-- Queue every household for the fold from its first event.
INSERT INTO touched (unit, household, kind, since_day)
SELECT DISTINCT unit, household, kind, -100000 FROM event WHERE household IS NOT NULL
ON CONFLICT (unit, household, kind) DO UPDATE SET since_day = excluded.since_day;
