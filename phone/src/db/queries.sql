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

-- name: place_facts
-- What is true of the area.
SELECT unit, area, fact, value FROM place_fact ORDER BY unit, area, fact;

-- name: forget_place_facts
-- Before it is written anew.
DELETE FROM place_fact;

-- name: state_place_facts
-- What is true of an area, given as a JSON object.
INSERT INTO place_fact (unit, area, fact, value) SELECT :unit, :area, key, value FROM json_each(:facts);

-- name: touch_area
-- Queue the households of an area for the fold, as if they had been registered anew.
INSERT INTO touched (unit, household, kind, since_day)
SELECT unit, household, 'household.registered', -100000 FROM household WHERE unit = :unit AND area = :area
ON CONFLICT (unit, household, kind) DO UPDATE SET since_day = excluded.since_day;
