-- Statements of places, accounts, posts, log-ins, phones and the access log.

-- ── places ──

-- name: place
-- One place.
SELECT place, kind, parent, name, code, hmis_uid, facility, retired_at FROM place WHERE place = :place;

-- name: kind_in_use
-- What kind a place is, if it is in use.
SELECT kind FROM place WHERE place = :place AND retired_at IS NULL;

-- name: next_place
SELECT COALESCE(MAX(place), 0) + 1 FROM place;

-- name: retire_place
UPDATE place SET retired_at = :now WHERE place = :place AND retired_at IS NULL;

-- name: in_use_at
-- What keeps a place in use: places in it, a unit linked to it, somebody who works there, a household of it.
SELECT 1 FROM place p WHERE p.parent = :place AND p.retired_at IS NULL
UNION ALL SELECT 1 FROM place p WHERE p.facility = :place AND p.retired_at IS NULL
UNION ALL SELECT 1 FROM post o JOIN account a ON a.account = o.account WHERE o.place = :place AND a.active = 1
UNION ALL SELECT 1 FROM home h WHERE h.unit = :unit AND h.area = :place AND h.moved_unit IS NULL
LIMIT 1;

-- name: code_taken
-- Whether another place of the kind has a code.
SELECT 1 FROM place WHERE kind = :kind AND code = :code AND place <> :place AND retired_at IS NULL;

-- name: places_in
-- Places of a kind in another, by name.
SELECT place, kind, parent, name, code, hmis_uid, facility, retired_at FROM place
WHERE parent = :parent AND kind = :kind AND retired_at IS NULL ORDER BY name, place;

-- name: is_area_of
-- Whether a unit has an area.
SELECT 1 FROM place WHERE place = :area AND kind = 'area' AND parent = :unit AND retired_at IS NULL;

-- name: chains
-- Every area with the places that it lies in: from the area itself upward.
WITH RECURSIVE chain (unit, area, place, parent, kind, code, steps) AS (
  SELECT a.parent, a.place, a.place, a.parent, a.kind, a.code, 0 FROM place a WHERE a.kind = 'area' AND a.parent IS NOT NULL
  UNION ALL
  SELECT c.unit, c.area, p.place, p.parent, p.kind, p.code, c.steps + 1 FROM chain c JOIN place p ON p.place = c.parent
)
SELECT unit, area, kind, code FROM chain ORDER BY unit, area, steps;

-- name: chains_below
-- The same of the areas in and below a place.
WITH RECURSIVE below (place, parent, kind, code) AS (
  SELECT p.place, p.parent, p.kind, p.code FROM place p WHERE p.place = :place
  UNION ALL
  SELECT i.place, i.parent, i.kind, i.code FROM below b JOIN place i ON i.parent = b.place
), chain (unit, area, place, parent, kind, code, steps) AS (
  SELECT b.parent, b.place, b.place, b.parent, b.kind, b.code, 0 FROM below b WHERE b.kind = 'area' AND b.parent IS NOT NULL
  UNION ALL
  SELECT c.unit, c.area, p.place, p.parent, p.kind, p.code, c.steps + 1 FROM chain c JOIN place p ON p.place = c.parent
)
SELECT unit, area, kind, code FROM chain ORDER BY unit, area, steps;

-- name: place_facts
-- What was found true of every area before.
SELECT unit, area, fact, value FROM place_fact ORDER BY unit, area, fact;

-- name: place_facts_below
-- The same of the areas in and below a place.
WITH RECURSIVE below (place, parent, kind) AS (
  SELECT p.place, p.parent, p.kind FROM place p WHERE p.place = :place
  UNION ALL
  SELECT i.place, i.parent, i.kind FROM below b JOIN place i ON i.parent = b.place
)
SELECT f.unit, f.area, f.fact, f.value
FROM below b JOIN place_fact f ON f.unit = b.parent AND f.area = b.place
WHERE b.kind = 'area' ORDER BY f.unit, f.area, f.fact;

-- name: facts_of_area
-- What is true of an area.
SELECT fact, value FROM place_fact WHERE unit = :unit AND area = :area ORDER BY fact;

-- name: forget_place_facts
-- Before the facts of an area are written anew.
DELETE FROM place_fact WHERE unit = :unit AND area = :area;

-- name: state_place_facts
-- What the pack in use says of places.
INSERT INTO setting (name, value) VALUES ('place_facts', :facts)
ON CONFLICT (name) DO UPDATE SET value = excluded.value;

-- name: stated_place_facts
SELECT value FROM setting WHERE name = 'place_facts';

-- name: surroundings
-- An area with its unit.
SELECT a.place, a.name, u.place, u.name, u.code, u.facility
FROM place a
JOIN place u ON u.place = a.parent
WHERE a.place = :area;

-- name: places_above
-- A place and what it lies in, from the top down. Grows with the levels.
WITH RECURSIVE above (place, parent, height) AS (
  SELECT p.place, p.parent, 0 FROM place p WHERE p.place = :place
  UNION ALL
  SELECT p.place, p.parent, a.height + 1 FROM above a JOIN place p ON p.place = a.parent
)
SELECT p.place, p.kind, p.parent, p.name, p.code, p.hmis_uid, p.facility, p.retired_at
FROM above a JOIN place p ON p.place = a.place ORDER BY a.height DESC;

-- name: facilities_within
-- Facilities in a place above the unit, by name.
WITH RECURSIVE under (place, kind) AS (
  SELECT p.place, p.kind FROM place p WHERE p.place = :place
  UNION ALL
  SELECT p.place, p.kind FROM under a JOIN place p ON p.parent = a.place WHERE a.kind NOT IN ('unit', 'facility')
)
SELECT f.place, f.code, f.name
FROM under a JOIN place f ON f.place = a.place
WHERE a.kind = 'facility' AND f.code IS NOT NULL AND f.retired_at IS NULL
ORDER BY f.name, f.place;

-- name: supervisor
-- Who supervises a unit.
SELECT a.name, a.phone
FROM post p
JOIN account a ON a.account = p.account
WHERE p.place = :unit AND a.role = 'supervisor' AND a.active = 1
ORDER BY a.account
LIMIT 1;

-- ── accounts ──

-- name: hold_numbers
-- Wait for whoever else gives out numbers of accounts or devices.
INSERT INTO setting (name, value) VALUES ('numbers_given', '1')
ON CONFLICT (name) DO UPDATE SET value = setting.value;

-- name: next_account
SELECT COALESCE(MAX(account), 0) + 1 FROM account;

-- name: account
-- One account, without its password.
SELECT account, username, name, role, language, phone, active, retired_at FROM account WHERE account = :account;

-- name: accounts
-- All accounts.
SELECT account, username, name, role, language, phone, active, retired_at FROM account ORDER BY username;

-- name: posts_of
-- Where an account works, with what lies there: the place, its kind, parent, code, and linked units.
SELECT p.place, p.kind, p.parent, p.code
FROM post o
JOIN place p ON p.place = o.place
WHERE o.account = :account;

-- name: linked_units
-- Units that a facility is linked to.
SELECT place FROM place WHERE kind = 'unit' AND facility = :facility AND retired_at IS NULL;

-- name: login
-- What a log-in is checked against.
SELECT a.account, a.password, a.active FROM account a WHERE a.username = :username;

-- name: hold_attempts
-- How often it was tried, with the row held until this transaction ends: whoever else counts waits.
INSERT INTO login_attempt (subject, attempts, last_at) VALUES (:subject, 0, :now)
ON CONFLICT (subject) DO UPDATE SET attempts = login_attempt.attempts
RETURNING attempts, last_at;

-- name: attempts
SELECT attempts, last_at FROM login_attempt WHERE subject = :subject;

-- name: put_attempts
UPDATE login_attempt SET attempts = :attempts, last_at = :now WHERE subject = :subject;

-- name: end_attempts
-- The right password was given; and what is long past is forgotten.
DELETE FROM login_attempt WHERE subject = :subject OR last_at < :before;

-- name: note_login_secret
INSERT INTO setting (name, value) VALUES (:name, :value) ON CONFLICT (name) DO NOTHING;

-- name: login_secret
SELECT value FROM setting WHERE name = :name;

-- name: set_password
UPDATE account SET password = :password WHERE account = :account;

-- name: set_active
-- Whoever has left for good is not let in again.
UPDATE account SET active = :active WHERE account = :account AND retired_at IS NULL;

-- name: edit_account
UPDATE account SET name = :name, phone = :phone, language = :language WHERE account = :account;

-- name: retire_account
UPDATE account SET active = 0, retired_at = :now WHERE account = :account AND retired_at IS NULL;

-- name: password_of
SELECT password FROM account WHERE account = :account;

-- name: clear_posts
DELETE FROM post WHERE account = :account;

-- ── phones ──

-- name: next_device
-- After the last number given, and after those that were left out.
SELECT MAX(d.number) + 1
FROM (SELECT MAX(device) AS number FROM device
      UNION ALL SELECT CAST(value AS BIGINT) FROM setting WHERE name = 'devices_skipped'
      UNION ALL SELECT 0) AS d;

-- name: skip_devices
-- Numbers up to :number are left out.
INSERT INTO setting (name, value) VALUES ('devices_skipped', CAST(CAST(:number AS BIGINT) AS TEXT))
ON CONFLICT (name) DO UPDATE SET value = excluded.value;

-- name: enrolments_since
-- How many phones an account has enrolled lately.
SELECT COUNT(*) FROM device WHERE account = :account AND enrolled_at > :since;

-- name: device_by_token
-- The phone that shows a token, and whether its owner may work.
SELECT d.device, d.account, d.unit, d.area, d.enrolled_at, d.revoked_at, d.last_sync_at, d.waiting, d.skew_ms,
       d.app, d.pack, a.active
FROM device d
JOIN account a ON a.account = d.account
WHERE d.token = :token;

-- name: devices_of_unit
-- Phones in use in a unit.
SELECT device, account, unit, area, enrolled_at, revoked_at, last_sync_at, waiting, skew_ms, app, pack
FROM device
WHERE unit = :unit AND revoked_at IS NULL
ORDER BY area, device;

-- name: devices_of_account
-- Every number that an account's phones ever had.
SELECT device FROM device WHERE account = :account;

-- name: origin
-- The first number of a phone's chain, and whether this one is in use.
SELECT COALESCE(d.origin, d.device), d.revoked_at FROM device d WHERE d.device = :device;

-- name: revoke_chain
-- A phone under every number that it, or whoever held its token, was enrolled anew under.
UPDATE device SET revoked_at = :now
WHERE revoked_at IS NULL
  AND account = (SELECT d.account FROM device d WHERE d.device = :device)
  AND COALESCE(origin, device) = (SELECT COALESCE(d.origin, d.device) FROM device d WHERE d.device = :device)
RETURNING device;

-- name: revoke_devices
UPDATE device SET revoked_at = :now WHERE account = :account AND revoked_at IS NULL RETURNING device;

-- name: move_devices
UPDATE device SET unit = :unit, area = :area WHERE account = :account AND revoked_at IS NULL;

-- name: note_sync
-- What a phone said of itself.
UPDATE device SET last_sync_at = :now, waiting = :waiting, skew_ms = :skew_ms, app = :app, pack = :pack
WHERE device = :device;

-- ── log-ins ──

-- name: session
SELECT account, csrf, started_at, seen_at FROM session WHERE token = :token;

-- name: touch_session
UPDATE session SET seen_at = :now WHERE token = :token;

-- name: close_session
DELETE FROM session WHERE token = :token RETURNING account;

-- name: close_sessions
DELETE FROM session WHERE account = :account;

-- name: drop_old_sessions
-- Those that nobody can use any more.
DELETE FROM session WHERE started_at < :before;

-- ── guards ──

-- name: current_areas
-- In which area of a unit households are, or last were.
SELECT h.household, h.area
FROM home h
WHERE h.unit = :unit AND h.household IN (SELECT CAST(k.key AS BIGINT) FROM json_each(:households) AS k);

-- name: once_here
-- Households that have left an area.
SELECT f.leaver
FROM feed f
WHERE f.unit = :unit AND f.area = :area
  AND f.leaver IN (SELECT CAST(k.key AS BIGINT) FROM json_each(:households) AS k);

-- name: home_area
SELECT area FROM home WHERE unit = :unit AND household = :household AND moved_unit IS NULL;

-- name: facilities_of_household
-- Facilities to which members of a household were referred.
SELECT DISTINCT r.facility FROM referral r
WHERE r.unit = :unit AND r.household = :household AND r.facility IS NOT NULL;

-- name: referral
-- What decides who may see a referral.
SELECT r.facility, r.area
FROM event e
JOIN referral r ON r.unit = e.unit AND r.household = e.household AND r.person = e.person AND r.referral = e.id
WHERE e.unit = :unit AND e.id = :referral;

-- name: searches_of_account
-- Searches of an account since an instant, and of them those that found nothing (index access_log_of_account).
SELECT COUNT(*), COUNT(*) FILTER (WHERE l.detail = :missed)
FROM access_log l
WHERE l.account = :account AND l.at > :since AND l.action = 'search';

-- name: searches_of_colleagues
-- The same of everybody who works at a place where the account works (index access_log_of_account).
SELECT COUNT(*), COUNT(*) FILTER (WHERE l.detail = :missed)
FROM (
  SELECT DISTINCT q.account FROM post p JOIN post q ON q.place = p.place WHERE p.account = :account
) m
JOIN access_log l ON l.account = m.account AND l.at > :since AND l.action = 'search';

-- name: claim
INSERT INTO referral_claim (unit, referral, account, at) VALUES (:unit, :referral, :account, :at)
ON CONFLICT (unit, referral, account) DO UPDATE SET at = excluded.at;

-- name: claimed
-- Whether an account has claimed a referral.
SELECT 1 FROM referral_claim WHERE unit = :unit AND referral = :referral AND account = :account;
