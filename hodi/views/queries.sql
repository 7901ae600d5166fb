-- What the staff pages read. Every statement starts from one unit (one shard), a facility, or a code.

-- name: signals_of_unit
-- The signals of a unit that are open or acknowledged, worst and latest first. Grows with the signals that hold today.
SELECT s.unit, s.household, s.person, s.code, s.episode, s.class AS class_, s.state, s.first_day, s.last_day,
       s.detail, s.number_1, s.number_2, s.escalated,
       h.area, h.head_name, p.given_name, p.middle_name, p.family_name, p.sex, p.birth_day
FROM signal s
JOIN household h ON h.unit = s.unit AND h.household = s.household
LEFT JOIN person p ON p.unit = s.unit AND p.household = s.household AND p.person = s.person
WHERE s.unit = :unit AND s.state IN ('open', 'acknowledged') AND h.here = 1
ORDER BY CASE s.state WHEN 'open' THEN 0 ELSE 1 END,
         CASE s.class WHEN 'emergency' THEN 0 WHEN 'urgent' THEN 1 WHEN 'priority' THEN 2 ELSE 3 END,
         s.last_day DESC, s.household, s.person, s.code, s.episode;

-- name: signals_of_household
-- Every signal of one household, whatever its state.
SELECT s.unit, s.household, s.person, s.code, s.episode, s.class AS class_, s.state, s.first_day, s.last_day,
       s.detail, s.number_1, s.number_2, s.escalated,
       h.area, h.head_name, p.given_name, p.middle_name, p.family_name, p.sex, p.birth_day
FROM signal s
JOIN household h ON h.unit = s.unit AND h.household = s.household
LEFT JOIN person p ON p.unit = s.unit AND p.household = s.household AND p.person = s.person
WHERE s.unit = :unit AND s.household = :household
ORDER BY CASE s.state WHEN 'open' THEN 0 WHEN 'acknowledged' THEN 1 ELSE 2 END,
         CASE s.class WHEN 'emergency' THEN 0 WHEN 'urgent' THEN 1 WHEN 'priority' THEN 2 ELSE 3 END,
         s.first_day, s.person, s.code, s.episode;

-- name: tasks_of_unit
-- The open tasks of a unit that are due today, the longest overdue first. Grows with the tasks that are due
-- (index task_open).
SELECT k.unit, k.household, k.person, k.code, k.episode, k.opens_day, k.due_day, k.overdue_day, k.detail,
       h.area, h.head_name, p.given_name, p.middle_name, p.family_name, p.sex, p.birth_day
FROM task k
JOIN household h ON h.unit = k.unit AND h.household = k.household
LEFT JOIN person p ON p.unit = k.unit AND p.household = k.household AND p.person = k.person
WHERE k.unit = :unit AND k.state = 'open' AND k.due_day <= :today AND k.closes_day >= :today AND h.here = 1
ORDER BY k.overdue_day, k.household, k.person, k.code, k.episode;

-- name: departures_of_unit
-- The departures of a unit that wait for its supervisor, deaths first, the oldest first. Grows with those that
-- wait (index departure_waiting).
SELECT d.unit, d.household, d.person, d.departure, d.kind, d.day, d.certain, d.reason, d.moved_to, d.moved_place,
       d.place, d.cause, d.cause_told, d.class AS class_, d.maternal, d.told_at, d.verdict,
       d.verdict_at, d.answer, a.name AS worker, h.area, h.head_name,
       p.given_name, p.middle_name, p.family_name, p.sex, p.birth_day
FROM departure d
JOIN household h ON h.unit = d.unit AND h.household = d.household
LEFT JOIN person p ON p.unit = d.unit AND p.household = d.household AND p.person = d.person
LEFT JOIN account a ON a.account = d.author
WHERE d.unit = :unit AND d.verdict = 'waiting' AND h.here = 1
ORDER BY CASE d.kind WHEN 'died' THEN 0 ELSE 1 END, d.told_at, d.departure;

-- name: departure
-- One departure of a household.
SELECT d.unit, d.household, d.person, d.departure, d.kind, d.day, d.certain, d.reason, d.moved_to, d.moved_place,
       d.place, d.cause, d.cause_told, d.class AS class_, d.maternal, d.told_at, d.verdict,
       d.verdict_at, d.answer, a.name AS worker, h.area, h.head_name,
       p.given_name, p.middle_name, p.family_name, p.sex, p.birth_day
FROM departure d
JOIN household h ON h.unit = d.unit AND h.household = d.household
LEFT JOIN person p ON p.unit = d.unit AND p.household = d.household AND p.person = d.person
LEFT JOIN account a ON a.account = d.author
WHERE d.unit = :unit AND d.household = :household AND d.departure = :departure AND h.here = 1;

-- name: referrals_of_unit
-- The referrals of a unit whose loop is open, worst and latest first. Grows with the open referrals (index referral_open).
SELECT r.unit, r.household, r.person, r.referral, r.code, r.class AS class_, r.facility, r.reason, r.given, r.made_at,
       r.due_at, r.escalate_at, r.state, r.state_at, r.arrived_at, r.seen_at, r.outcome, r.evidence,
       r.seen_by, r.advice, r.return_day, r.return_kept, r.owner, r.state_event, r.trace_reason,
       r.decline_reason, r.close_reason, r.author, h.area,
       p.given_name, p.middle_name, p.family_name, p.sex, p.birth_day
FROM referral r
JOIN household h ON h.unit = r.unit AND h.household = r.household
LEFT JOIN person p ON p.unit = r.unit AND p.household = r.household AND p.person = r.person
WHERE r.unit = :unit AND r.due_at IS NOT NULL
ORDER BY CASE r.class WHEN 'emergency' THEN 0 WHEN 'urgent' THEN 1 WHEN 'priority' THEN 2 ELSE 3 END,
         r.made_at DESC, r.referral;

-- name: referrals_of_household
-- Every referral of one household, latest first.
SELECT r.unit, r.household, r.person, r.referral, r.code, r.class AS class_, r.facility, r.reason, r.given, r.made_at,
       r.due_at, r.escalate_at, r.state, r.state_at, r.arrived_at, r.seen_at, r.outcome, r.evidence,
       r.seen_by, r.advice, r.return_day, r.return_kept, r.owner, r.state_event, r.trace_reason,
       r.decline_reason, r.close_reason, r.author, h.area,
       p.given_name, p.middle_name, p.family_name, p.sex, p.birth_day
FROM referral r
JOIN household h ON h.unit = r.unit AND h.household = r.household
LEFT JOIN person p ON p.unit = r.unit AND p.household = r.household AND p.person = r.person
WHERE r.unit = :unit AND r.household = :household
ORDER BY r.made_at DESC, r.referral;

-- name: referral
-- One referral, by the place of its event in the ledger.
SELECT r.unit, r.household, r.person, r.referral, r.code, r.class AS class_, r.facility, r.reason, r.given, r.made_at,
       r.due_at, r.escalate_at, r.state, r.state_at, r.arrived_at, r.seen_at, r.outcome, r.evidence,
       r.seen_by, r.advice, r.return_day, r.return_kept, r.owner, r.state_event, r.trace_reason,
       r.decline_reason, r.close_reason, r.author, h.area,
       p.given_name, p.middle_name, p.family_name, p.sex, p.birth_day
FROM event e
JOIN referral r ON r.unit = e.unit AND r.household = e.household AND r.person = e.person AND r.referral = e.id
JOIN household h ON h.unit = r.unit AND h.household = r.household
LEFT JOIN person p ON p.unit = r.unit AND p.household = r.household AND p.person = r.person
WHERE e.unit = :unit AND e.id = :referral;

-- name: referrals_expected
-- Open referrals to a facility: it waits for the person, for an outcome, or for a return; emergencies first.
-- Grows with the open referrals to it (index referral_open_to).
SELECT r.unit, r.household, r.person, r.referral, r.code, r.class AS class_, r.facility, r.reason, r.given, r.made_at,
       r.due_at, r.escalate_at, r.state, r.state_at, r.arrived_at, r.seen_at, r.outcome, r.evidence,
       r.seen_by, r.advice, r.return_day, r.return_kept, r.owner, r.state_event, r.trace_reason,
       r.decline_reason, r.close_reason, r.author, h.area,
       p.given_name, p.middle_name, p.family_name, p.sex, p.birth_day
FROM referral r
JOIN household h ON h.unit = r.unit AND h.household = r.household
LEFT JOIN person p ON p.unit = r.unit AND p.household = r.household AND p.person = r.person
WHERE r.facility = :facility AND r.due_at IS NOT NULL AND r.state NOT IN ('declined', 'moved')
ORDER BY CASE r.class WHEN 'emergency' THEN 0 WHEN 'urgent' THEN 1 WHEN 'priority' THEN 2 ELSE 3 END,
         r.made_at DESC, r.unit, r.referral;

-- name: referrals_by_code
-- Referrals with the code on a slip, wherever they were made to; the latest first (index referral_by_code).
SELECT r.unit, r.household, r.person, r.referral, r.code, r.class AS class_, r.facility, r.reason, r.given, r.made_at,
       r.due_at, r.escalate_at, r.state, r.state_at, r.arrived_at, r.seen_at, r.outcome, r.evidence,
       r.seen_by, r.advice, r.return_day, r.return_kept, r.owner, r.state_event, r.trace_reason,
       r.decline_reason, r.close_reason, r.author, h.area,
       p.given_name, p.middle_name, p.family_name, p.sex, p.birth_day
FROM referral r
JOIN household h ON h.unit = r.unit AND h.household = r.household
LEFT JOIN person p ON p.unit = r.unit AND p.household = r.household AND p.person = r.person
WHERE r.code = :code AND h.here = 1
ORDER BY r.made_at DESC, r.referral;

-- name: referrals_by_words
-- Referrals to a facility since a day whose person has a name or telephone like the one given, open ones
-- first. Grows with the referrals to the facility in that time (index referral_to).
SELECT r.unit, r.household, r.person, r.referral, r.code, r.class AS class_, r.facility, r.reason, r.given, r.made_at,
       r.due_at, r.escalate_at, r.state, r.state_at, r.arrived_at, r.seen_at, r.outcome, r.evidence,
       r.seen_by, r.advice, r.return_day, r.return_kept, r.owner, r.state_event, r.trace_reason,
       r.decline_reason, r.close_reason, r.author, h.area,
       p.given_name, p.middle_name, p.family_name, p.sex, p.birth_day
FROM referral r
JOIN household h ON h.unit = r.unit AND h.household = r.household
JOIN person p ON p.unit = r.unit AND p.household = r.household AND p.person = r.person
WHERE r.facility = :facility AND r.made_day >= :since_day AND h.here = 1
  AND r.state NOT IN ('cancelled', 'moved', 'died')
  AND (
    LOWER(COALESCE(p.given_name, '') || ' ' || COALESCE(p.middle_name, '') || ' ' || COALESCE(p.family_name, ''))
      LIKE :name
    OR LOWER(COALESCE(p.given_name, '') || ' ' || COALESCE(p.family_name, '')) LIKE :name
    OR REPLACE(COALESCE(p.phone, ''), ' ', '') LIKE :phone
    OR REPLACE(COALESCE(h.phone, ''), ' ', '') LIKE :phone
  )
ORDER BY CASE WHEN r.due_at IS NULL THEN 1 ELSE 0 END, r.made_at DESC, r.referral
LIMIT 30;

-- name: arrivals_since
-- Referrals to a facility that closed since a day, latest first.
SELECT r.unit, r.household, r.person, r.referral, r.code, r.class AS class_, r.facility, r.reason, r.given, r.made_at,
       r.due_at, r.escalate_at, r.state, r.state_at, r.arrived_at, r.seen_at, r.outcome, r.evidence,
       r.seen_by, r.advice, r.return_day, r.return_kept, r.owner, r.state_event, r.trace_reason,
       r.decline_reason, r.close_reason, r.author, h.area,
       p.given_name, p.middle_name, p.family_name, p.sex, p.birth_day
FROM referral r
JOIN household h ON h.unit = r.unit AND h.household = r.household
LEFT JOIN person p ON p.unit = r.unit AND p.household = r.household AND p.person = r.person
WHERE r.facility = :facility AND r.state IN ('seen', 'declined') AND r.made_day >= :since_day
  AND r.state_at >= :since_at AND h.here = 1
ORDER BY r.state_at DESC, r.referral
LIMIT 20;

-- name: signals_of_linked_units
-- Open signals of the units that a facility is linked to, counted by code: no names.
SELECT u.place AS unit, u.name AS unit_name, s.code, COUNT(*) AS count
FROM place f
JOIN place u ON u.facility = f.place AND u.kind = 'unit'
JOIN signal s ON s.unit = u.place AND s.state = 'open'
WHERE f.place = :place
GROUP BY u.place, u.name, s.code
ORDER BY u.name, u.place, s.code;

-- name: facility
-- The facility with a master facility code. Reference data.
SELECT f.place, f.kind, f.parent, f.name, f.code FROM place f WHERE f.kind = 'facility' AND f.code = :code;

-- name: quarantined
-- What was refused and nobody has dealt with, latest first (index quarantine_of_unit).
SELECT q.id, q.unit, q.received_at, q.code, q.detail, q.kind, q.occurred_day, a.name AS worker,
       p.name AS area_name
FROM quarantine q
LEFT JOIN device d ON d.device = q.device
LEFT JOIN account a ON a.account = d.account
LEFT JOIN place p ON p.place = d.area
WHERE q.unit = :unit AND q.resolved_at IS NULL
ORDER BY q.received_at DESC, q.id
LIMIT 200;

-- name: place
-- One place.
SELECT p.place, p.kind, p.parent, p.name, p.code FROM place p WHERE p.place = :place;

-- name: areas_for_moving
-- Areas a household can be moved to from a unit: those of every unit of the place of the level :reach around it.
WITH RECURSIVE above (place, kind, parent) AS (
  SELECT p.place, p.kind, p.parent FROM place p WHERE p.place = :unit
  UNION ALL
  SELECT p.place, p.kind, p.parent FROM above b JOIN place p ON p.place = b.parent
),
under (place, kind) AS (
  SELECT b.place, b.kind FROM above b WHERE b.kind = :reach
  UNION ALL
  SELECT p.place, p.kind FROM under d JOIN place p ON p.parent = d.place WHERE d.kind NOT IN ('unit', 'facility')
)
SELECT a.place AS area, a.name AS area_name, u.place AS unit, u.name AS unit_name
FROM under d
JOIN place u ON u.place = d.place AND u.kind = 'unit'
JOIN place a ON a.parent = u.place AND a.kind = 'area' AND a.retired_at IS NULL
ORDER BY u.name, u.place, a.name, a.place;

-- name: households_of_unit
-- The households of a unit with this month's visit, those not visited first. Grows with the unit's households.
SELECT h.unit, h.household, h.area, h.head_name, h.village, COALESCE(m.visits, 0) AS visits, m.last_day
FROM household h
LEFT JOIN visit_month m ON m.unit = h.unit AND m.household = h.household AND m.month = :month
WHERE h.unit = :unit AND h.here = 1
ORDER BY CASE WHEN m.visits IS NULL THEN 0 ELSE 1 END, COALESCE(h.village, ''), COALESCE(h.head_name, ''), h.household;

-- name: visits_of_day
-- The visits of one day, done or not. One seek per household of the unit.
SELECT h.unit, h.household, h.area, h.head_name, h.village, v.outcome
FROM household h
JOIN visit v ON v.unit = h.unit AND v.household = h.household AND v.day = :day
WHERE h.unit = :unit
ORDER BY v.visit;

-- name: household
-- One household as described now.
SELECT h.unit, h.household, h.area, a.name AS area_name, u.name AS unit_name, h.head_name, h.village, h.landmark, h.phone,
       h.registered_day, h.here, h.refused_day
FROM household h
LEFT JOIN place a ON a.place = h.area
LEFT JOIN place u ON u.place = h.unit
WHERE h.unit = :unit AND h.household = :household;

-- name: members
-- The members of one household, those living here first, oldest first.
SELECT p.person, p.given_name, p.middle_name, p.family_name, p.sex, p.birth_day, p.birth_estimated,
       p.relationship, p.phone, COALESCE(p.disability, 0) AS disability, p.state, p.state_day, p.refused_day
FROM person p
WHERE p.unit = :unit AND p.household = :household
ORDER BY CASE p.state WHEN 'here' THEN 0 ELSE 1 END, COALESCE(p.birth_day, 100000), p.person;

-- name: visits
-- The latest calls at one household.
SELECT v.day, v.outcome, a.name AS worker
FROM visit v LEFT JOIN account a ON a.account = v.author
WHERE v.unit = :unit AND v.household = :household
ORDER BY v.day DESC, v.visit DESC
LIMIT 24;

-- name: refuses
-- A row if a person, or her family, does not agree that more is kept of her.
SELECT h.household
FROM household h
LEFT JOIN person p ON p.unit = h.unit AND p.household = h.household AND p.person = :person
WHERE h.unit = :unit AND h.household = :household AND COALESCE(h.refused_day, p.refused_day) IS NOT NULL;

-- name: latest_findings
-- The latest finding of each concept about a person (0 = the household itself).
SELECT ranked.concept, ranked.number, ranked.code, ranked.text
FROM (
  SELECT f.concept, f.number, f.code, f.text,
         ROW_NUMBER() OVER (PARTITION BY f.concept ORDER BY f.stamp DESC, f.event DESC, f.ordinal DESC) AS place
  FROM finding f
  WHERE f.unit = :unit AND f.household = :household AND f.person = :person
) ranked
WHERE ranked.place = 1;

-- name: history
-- What was recorded about a person, latest first, with the event whose values count now (0 = withdrawn).
-- Grows with the events of the household (index event_of_household).
SELECT e.id AS event, e.kind, e.form, e.occurred_day AS day, a.name AS worker,
       CASE WHEN m.event IS NULL THEN e.id ELSE COALESCE(m.source, 0) END AS source
FROM event e
LEFT JOIN amendment m ON m.unit = e.unit AND m.household = e.household AND m.event = e.id
LEFT JOIN account a ON a.account = e.author
WHERE e.unit = :unit AND e.household = :household AND e.person = :person
  AND e.kind NOT IN ('event.corrected', 'event.retracted')
ORDER BY e.occurred_day DESC, e.stamp DESC, e.id DESC
LIMIT 40;

-- name: observations
-- What one event states.
SELECT o.concept, o.number, o.code, o.text
FROM observation o
WHERE o.unit = :unit AND o.event = :event
ORDER BY o.ordinal;

-- name: findings_with_referral
-- The assessments of the visit in which a referral was made: what the promoter found.
SELECT e.id AS event
FROM event r
JOIN event e ON e.unit = r.unit AND e.household = r.household AND e.kind = 'assessment.recorded'
  AND e.occurred_day = r.occurred_day
WHERE r.unit = :unit AND r.id = :referral AND e.person = r.person
ORDER BY e.stamp DESC, e.id
LIMIT 3;

-- name: referral_steps
-- What was stated about a referral, in order, with the event whose values count now (0 = taken back). Grows
-- with the events of the household (index event_of_household).
SELECT e.id AS event, e.kind, e.occurred_at AS at, e.author, a.name AS worker,
       CASE WHEN m.event IS NULL THEN e.id ELSE COALESCE(m.source, 0) END AS source
FROM event e
LEFT JOIN amendment m ON m.unit = e.unit AND m.household = e.household AND m.event = e.id
LEFT JOIN account a ON a.account = e.author
WHERE e.unit = :unit AND e.household = :household AND (e.id = :referral OR e.target = :referral)
  AND e.kind NOT IN ('event.corrected', 'event.retracted')
ORDER BY e.stamp, e.id;

-- name: referral_version
-- The latest place in the ledger of what was stated about a referral, or about such a statement.
SELECT COALESCE(MAX(e.seq), 0) AS version
FROM event e
LEFT JOIN event s ON s.unit = e.unit AND s.id = e.target
WHERE e.unit = :unit AND e.household = :household
  AND (e.id = :referral OR e.target = :referral OR s.target = :referral);

-- name: promoters_of_area
-- Who works in an area now.
SELECT a.name, a.phone
FROM post o JOIN account a ON a.account = o.account
WHERE o.place = :area AND a.role = 'promoter' AND a.active = 1
ORDER BY a.account;

-- name: desk_of_facility
-- Who can be called at the facility with a master facility code.
SELECT a.name, a.phone
FROM place f
JOIN post o ON o.place = f.place
JOIN account a ON a.account = o.account
WHERE f.kind = 'facility' AND f.code = :facility AND a.role = 'nurse' AND a.active = 1 AND a.phone IS NOT NULL
ORDER BY a.account;

-- name: worker
-- A worker's name and telephone.
SELECT a.name, a.phone FROM account a WHERE a.account = :account;

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

-- name: username_taken
-- Whether somebody has a username.
SELECT 1 FROM account a WHERE a.username = :username;

-- name: devices
-- Phones whose owner or place is like the words given, each under its latest number, those in use first; at
-- most 100 are given, but all
-- are looked at: grows with the phones.
SELECT d.device, a.username, a.name, u.name AS unit_name, r.name AS area_name, d.enrolled_at, d.revoked_at,
       d.last_sync_at, d.waiting, d.app
FROM device d
JOIN account a ON a.account = d.account
LEFT JOIN place u ON u.place = d.unit
LEFT JOIN place r ON r.place = d.area
WHERE NOT EXISTS (SELECT 1 FROM device n WHERE n.account = d.account AND n.device > d.device
    AND n.origin = COALESCE(d.origin, d.device))
  AND (LOWER(a.username) LIKE :words OR LOWER(a.name) LIKE :words OR LOWER(COALESCE(u.name, '')) LIKE :words
       OR LOWER(COALESCE(r.name, '')) LIKE :words)
ORDER BY CASE WHEN d.revoked_at IS NULL THEN 0 ELSE 1 END, COALESCE(u.name, ''), a.username, d.device DESC
LIMIT 100;

-- name: devices_of_account
-- The phones of an account, each under its latest number.
SELECT d.device, a.username, a.name, u.name AS unit_name, r.name AS area_name, d.enrolled_at, d.revoked_at,
       d.last_sync_at, d.waiting, d.app
FROM device d
JOIN account a ON a.account = d.account
LEFT JOIN place u ON u.place = d.unit
LEFT JOIN place r ON r.place = d.area
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
