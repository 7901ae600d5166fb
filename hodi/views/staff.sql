-- The administrator's pages: accounts, phones, places, the access log.

-- name: accounts
-- Accounts whose name, username or post is like the words given, for the administrator; at most 100 are
-- given, but all are looked at: grows with the accounts.
SELECT a.account, a.username, a.name, a.role, a.active, a.language, p.name AS post
FROM (
  SELECT ac.account, ac.username, ac.name, ac.role, ac.active, ac.language,
         CASE ac.role WHEN 'admin' THEN 0 WHEN 'officer' THEN 1 WHEN 'nurse' THEN 2 WHEN 'supervisor' THEN 3
                      ELSE 4 END AS place_in_list
  FROM account ac
  WHERE ac.retired_at IS NULL AND (LOWER(ac.username) LIKE :words OR LOWER(ac.name) LIKE :words
     OR EXISTS (
       SELECT 1 FROM post po JOIN place pl ON pl.place = po.place
       WHERE po.account = ac.account AND LOWER(pl.name) LIKE :words
     ))
  ORDER BY place_in_list, ac.username
  LIMIT 100
) a
LEFT JOIN post t ON t.account = a.account
LEFT JOIN place p ON p.place = t.place
ORDER BY a.place_in_list, a.username, COALESCE(p.name, '');

-- name: staff_counts
-- How many accounts and phones there are like the words given, however many are listed.
SELECT
  (SELECT COUNT(*) FROM account ac
   WHERE ac.retired_at IS NULL
     AND (LOWER(ac.username) LIKE :words OR LOWER(ac.name) LIKE :words
          OR EXISTS (SELECT 1 FROM post po JOIN place pl ON pl.place = po.place
                     WHERE po.account = ac.account AND LOWER(pl.name) LIKE :words))) AS accounts,
  (SELECT COUNT(*)
   FROM device d
   JOIN account a ON a.account = d.account
   LEFT JOIN place u ON u.place = d.unit
   LEFT JOIN place r ON r.place = d.area
   WHERE d.revoked_at IS NULL
     AND NOT EXISTS (SELECT 1 FROM device n WHERE n.account = d.account AND n.device > d.device
    AND n.origin = COALESCE(d.origin, d.device))
     AND (LOWER(a.username) LIKE :words OR LOWER(a.name) LIKE :words OR LOWER(COALESCE(u.name, '')) LIKE :words
          OR LOWER(COALESCE(r.name, '')) LIKE :words)) AS devices;

-- name: username_taken
-- Whether somebody has a username.
SELECT 1 FROM account a WHERE a.username = :username;

-- name: devices
-- Phones whose owner or place is like the words given, each under its latest number, those in use first; at
-- most 100 are given, but all
-- are looked at: grows with the phones.
{phone_lines}
WHERE NOT EXISTS (SELECT 1 FROM device n WHERE n.account = d.account AND n.device > d.device
    AND n.origin = COALESCE(d.origin, d.device))
  AND (LOWER(a.username) LIKE :words OR LOWER(a.name) LIKE :words OR LOWER(COALESCE(u.name, '')) LIKE :words
       OR LOWER(COALESCE(r.name, '')) LIKE :words)
ORDER BY CASE WHEN d.revoked_at IS NULL THEN 0 ELSE 1 END, COALESCE(u.name, ''), a.username, d.device DESC
LIMIT 100;

-- name: devices_of_account
-- The phones of an account, each under its latest number.
{phone_lines}
WHERE d.account = :account
  AND NOT EXISTS (SELECT 1 FROM device n WHERE n.account = d.account AND n.device > d.device
    AND n.origin = COALESCE(d.origin, d.device))
ORDER BY CASE WHEN d.revoked_at IS NULL THEN 0 ELSE 1 END, d.device DESC;

-- name: posts_of_account
-- Where an account works.
SELECT p.place, p.kind, p.name, q.name AS within
FROM post o
JOIN place p ON p.place = o.place
LEFT JOIN place q ON q.place = p.parent
WHERE o.account = :account ORDER BY p.name, p.place;

-- name: posts_to_offer
-- Places of a kind whose name, code or surrounding place is like the words given; at most 60.
SELECT p.place, p.kind, p.name, q.name AS within
FROM place p LEFT JOIN place q ON q.place = p.parent
WHERE p.kind = :kind AND p.retired_at IS NULL
  AND (LOWER(p.name) LIKE :words OR COALESCE(p.code, '') = :code OR LOWER(COALESCE(q.name, '')) LIKE :words)
ORDER BY COALESCE(q.name, ''), p.name, p.place
LIMIT 60;

-- name: place
-- One place.
SELECT p.place, p.kind, p.parent, p.name, p.code FROM place p WHERE p.place = :place;

-- name: facility
-- The facility with a master facility code. Reference data.
SELECT f.place, f.kind, f.parent, f.name, f.code FROM place f WHERE f.kind = 'facility' AND f.code = :code;

-- name: places_like
-- Places in use of any kind whose name or code is like the words given; at most 60.
SELECT p.place, p.kind, p.name, q.name AS within, p.code
FROM place p LEFT JOIN place q ON q.place = p.parent
WHERE p.retired_at IS NULL AND (LOWER(p.name) LIKE :words OR COALESCE(p.code, '') = :code)
ORDER BY p.kind, p.name, p.place
LIMIT 60;

-- name: places_within
-- Places in use that lie in another.
SELECT p.place, p.kind, p.name, NULL AS within, p.code
FROM place p WHERE p.parent = :place AND p.retired_at IS NULL ORDER BY p.kind, p.name, p.place;

-- name: units_near_facility
-- Units of the place of the level :reach in which a facility lies, and units linked to it from elsewhere.
-- Reference data.
WITH RECURSIVE above (place, kind, parent) AS (
  SELECT p.place, p.kind, p.parent FROM place p WHERE p.kind = 'facility' AND p.code = :facility
  UNION ALL
  SELECT p.place, p.kind, p.parent FROM above b JOIN place p ON p.place = b.parent
),
under (place, kind) AS (
  SELECT b.place, b.kind FROM above b WHERE b.kind = :reach
  UNION ALL
  SELECT p.place, p.kind FROM under d JOIN place p ON p.parent = d.place WHERE d.kind NOT IN ('unit', 'facility')
)
SELECT d.place FROM under d WHERE d.kind = 'unit'
UNION
SELECT u.place
FROM place f JOIN place u ON u.kind = 'unit' AND u.facility = f.place
WHERE f.kind = 'facility' AND f.code = :facility;

-- name: access_log_page
-- The access log, latest first, from an entry on; with an account or a kind of action, only theirs.
SELECT l.id, l.at, l.action, a.username AS who, b.username AS about, p.name AS unit_name, l.household, l.person,
       CASE WHEN l.action IN ('read', 'search', 'download') THEN NULL ELSE l.detail END AS detail
FROM access_log l
LEFT JOIN account a ON a.account = l.account
LEFT JOIN account b ON b.account = l.about
LEFT JOIN place p ON p.place = l.unit
WHERE (l.at, l.id) < (CAST(:before_at AS BIGINT), CAST(:before_id AS BIGINT))
  AND (:action = '' OR l.action = :action) AND (:username = '' OR a.username = :username OR b.username = :username)
ORDER BY l.at DESC, l.id DESC
LIMIT :lines_max;
