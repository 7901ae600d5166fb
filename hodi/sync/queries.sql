-- Statements of pull, snapshot and token.

-- name: setting
SELECT value FROM setting WHERE name = :name;

-- name: epochs
-- How often a re-sync was called for: of everybody, of an area, of one phone.
SELECT s.value FROM setting s WHERE s.name IN ('sync_epoch', :area, :device);

-- name: call_resync
-- One more re-sync.
INSERT INTO setting (name, value) VALUES (:name, '1')
ON CONFLICT (name) DO UPDATE SET value = CAST(CAST(setting.value AS BIGINT) + 1 AS TEXT);

-- name: skip_epochs
-- Leave out :count re-syncs.
INSERT INTO setting (name, value) VALUES ('sync_epoch', CAST(CAST(:count AS BIGINT) AS TEXT))
ON CONFLICT (name) DO UPDATE SET value = CAST(CAST(setting.value AS BIGINT) + CAST(excluded.value AS BIGINT) AS TEXT);

-- name: cursor
-- The last number given in a unit.
SELECT seq FROM unit_cursor WHERE unit = :unit;

-- name: latest_urgent
-- The last position in the urgent lane of areas of a unit.
SELECT CAST(k.key AS BIGINT) AS area,
       (SELECT MAX(f.pos) FROM feed f
        WHERE f.unit = :unit AND f.area = CAST(k.key AS BIGINT) AND f.lane = 0) AS pos
FROM json_each(:areas) AS k;

-- name: lane
-- What an area's phones are to hear of after a position, with where the household is now.
SELECT f.pos, f.leaver, h.area, h.moved_unit,
       e.id, e.area, e.household, e.person, e.visit, e.kind, e.form, e.form_version, e.target,
       e.occurred_at, e.occurred_day, e.recorded_at, e.stamp, e.author, e.device, e.seq
FROM feed f
LEFT JOIN event e ON e.unit = f.unit AND e.id = f.event
LEFT JOIN home h ON h.unit = f.unit AND h.household = COALESCE(f.leaver, e.household)
WHERE f.unit = :unit AND f.area = :area AND f.lane = :lane AND f.pos > :pos
ORDER BY f.pos
LIMIT :most;

-- name: values
-- The values of events, in order.
SELECT o.event, o.person, o.concept, o.number, o.code, o.text, o.day
FROM observation o
WHERE o.unit = :unit AND o.event IN (SELECT CAST(k.key AS BIGINT) FROM json_each(:ids) AS k)
ORDER BY o.event, o.ordinal;

-- name: digests_of_area
-- The households that live in an area, with the digest of each.
SELECT h.household, h.events, h.digest
FROM home h
WHERE h.unit = :unit AND h.area = :area AND h.moved_unit IS NULL;

-- name: events_of_household
-- Everything that is known of a household, in commit order.
SELECT e.id, e.area, e.household, e.person, e.visit, e.kind, e.form, e.form_version, e.target,
       e.occurred_at, e.occurred_day, e.recorded_at, e.stamp, e.author, e.device, e.seq
FROM event e
WHERE e.unit = :unit AND e.household = :household
ORDER BY +e.seq;

-- name: last_positions
-- Where an area's lanes end: a snapshot made at the same place is the same.
SELECT COALESCE((SELECT MAX(f.pos) FROM feed f WHERE f.unit = :unit AND f.area = :area AND f.lane = 0), 0),
       COALESCE((SELECT MAX(f.pos) FROM feed f WHERE f.unit = :unit AND f.area = :area AND f.lane = 1), 0);

-- name: events_of_area
-- Everything that is known of the households that live in an area.
SELECT e.id, e.area, e.household, e.person, e.visit, e.kind, e.form, e.form_version, e.target,
       e.occurred_at, e.occurred_day, e.recorded_at, e.stamp, e.author, e.device, e.seq
FROM home h
JOIN event e ON e.unit = h.unit AND e.household = h.household
WHERE h.unit = :unit AND h.area = :area AND h.moved_unit IS NULL
ORDER BY e.id;

-- name: observations_of_area
-- Their values, as `event.person` and `event.occurred_day` leave them to be said.
SELECT o.event, o.ordinal, CASE WHEN o.person <> COALESCE(e.person, 0) THEN o.person END,
       o.concept, o.number, o.code, o.text, CASE WHEN o.day <> e.occurred_day THEN o.day END
FROM home h
JOIN event e ON e.unit = h.unit AND e.household = h.household
JOIN observation o ON o.unit = e.unit AND o.event = e.id
WHERE h.unit = :unit AND h.area = :area AND h.moved_unit IS NULL
ORDER BY o.event, o.ordinal;

-- name: events_without_household
-- What an area's phones were told that concerns no household.
SELECT e.id, e.area, e.household, e.person, e.visit, e.kind, e.form, e.form_version, e.target,
       e.occurred_at, e.occurred_day, e.recorded_at, e.stamp, e.author, e.device, e.seq
FROM event e
WHERE e.unit = :unit AND e.household IS NULL AND e.area = :area;

-- name: observations_without_household
-- Their values.
SELECT o.event, o.ordinal, CASE WHEN o.person <> COALESCE(e.person, 0) THEN o.person END,
       o.concept, o.number, o.code, o.text, CASE WHEN o.day <> e.occurred_day THEN o.day END
FROM event e
JOIN observation o ON o.unit = e.unit AND o.event = e.id
WHERE e.unit = :unit AND e.household IS NULL AND e.area = :area;

-- name: households_known
-- Which of these households a unit has ever heard of.
SELECT h.household
FROM home h
WHERE h.unit = :unit AND h.household IN (SELECT CAST(k.key AS BIGINT) FROM json_each(:households) AS k);
