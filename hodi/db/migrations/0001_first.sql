-- 0001: the first shape of a store.
-- What a phone and the server both hold: the ledger, and the record that is folded from it.
--
-- One text for SQLite (server and phone) and PostgreSQL. `/* sqlite: … */` before a semicolon is
-- SQLite's storage hint and a plain comment elsewhere. Every key starts with `unit` (the community
-- health unit): it is the shard key. Days are whole days since 1970-01-01 in the pack's time zone;
-- instants (`…_at`) are milliseconds since 1970-01-01 UTC; truth is 0 or 1. A household-level row
-- has person 0.

-- ───────────────────────────────── the ledger: facts, never changed ─────────────────────────────────

-- One thing that happened, as somebody stated it. Written only by `events.append`.
CREATE TABLE event (
  unit         BIGINT  NOT NULL,  -- community health unit in whose ledger the event stands
  id           BIGINT  NOT NULL,  -- device number × 2^32 + counter, minted where the event was written
  area         BIGINT,            -- the promoter's area the author was working in
  household    BIGINT,            -- the household concerned, if any
  person       BIGINT,            -- the member concerned, if any
  visit        BIGINT,            -- id of the visit.made event this was recorded in, if any
  kind         TEXT    NOT NULL,  -- past tense, from contract/kinds.json; unknown kinds are kept
  form         TEXT,              -- the form that was answered, if any
  form_version INTEGER,           -- and its version
  target       BIGINT,            -- the earlier event this one speaks of (referral, pregnancy, corrected event)
  occurred_at  BIGINT  NOT NULL,  -- when it happened
  occurred_day INTEGER NOT NULL,  -- the local day on which it happened
  recorded_at  BIGINT  NOT NULL,  -- when it was typed in
  stamp        BIGINT  NOT NULL,  -- hybrid logical clock: orders the facts of one household everywhere alike
  author       BIGINT  NOT NULL,  -- account of the worker who states it
  device       BIGINT  NOT NULL,  -- number of the device that minted the id
  body         TEXT,              -- raw answers as JSON; no rule reads it; not sent back to phones
  seq          BIGINT,            -- commit order within the unit, given by the server; NULL = not yet received
  received_at  BIGINT,            -- when the server had it; NULL on phones
  PRIMARY KEY (unit, id)
) /* sqlite: WITHOUT ROWID */;

-- How the fold reaches the facts: by household, kind and day.
CREATE INDEX event_of_household ON event (unit, household, kind, occurred_day);

-- One stated value of one event. Reached only through its event.
CREATE TABLE observation (
  unit      BIGINT  NOT NULL,    -- as the event's
  event     BIGINT  NOT NULL,    -- the event that states it
  ordinal   INTEGER NOT NULL,    -- position within the event
  household BIGINT,              -- household it is stated about
  person    BIGINT,              -- member it is stated about; NULL = the household
  concept   TEXT    NOT NULL,    -- name from the pack's concepts.csv
  number    DOUBLE PRECISION,    -- the value, if it is a number, a day or 0/1
  code      TEXT,                -- the value, if it is one of a list
  text      TEXT,                -- the value, if it is free text
  day       INTEGER NOT NULL,    -- local day the value holds for
  PRIMARY KEY (unit, event, ordinal)
) /* sqlite: WITHOUT ROWID */;

-- ───────────────────────── the queue between ledger and record ─────────────────────────

-- Households whose record is older than their ledger. Written with the events, emptied by the fold.
CREATE TABLE touched (
  unit      BIGINT  NOT NULL,    -- unit of the household
  household BIGINT  NOT NULL,    -- household to refold
  kind      TEXT    NOT NULL,    -- kind of the events that touched it
  since_day INTEGER NOT NULL,    -- earliest day on which something may have changed
  PRIMARY KEY (unit, household, kind)
) /* sqlite: WITHOUT ROWID */;

-- ───────────────────────── the record: opinions, rebuilt at any time ─────────────────────────

-- An event that a later one corrects or retracts. `source` holds the values that count now.
CREATE TABLE amendment (
  unit      BIGINT  NOT NULL,    -- unit of the household
  household BIGINT  NOT NULL,    -- household of the amended event
  event     BIGINT  NOT NULL,    -- the amended event
  source    BIGINT,              -- the correction whose values replace its own; NULL = retracted
  stamp     BIGINT  NOT NULL,    -- stamp of the deciding correction or retraction
  PRIMARY KEY (unit, household, event)
) /* sqlite: WITHOUT ROWID */;

-- A household as it is described now.
CREATE TABLE household (
  unit           BIGINT  NOT NULL,  -- community health unit
  household      BIGINT  NOT NULL,  -- household
  area           BIGINT  NOT NULL,  -- promoter's area it belongs to now
  head_name      TEXT,              -- name of the head of household
  village        TEXT,              -- village or estate
  landmark       TEXT,              -- how to find it
  phone          TEXT,              -- telephone
  latrine        INTEGER,           -- 1 = functional latrine
  handwashing    INTEGER,           -- 1 = hand-washing facility
  treated_water  INTEGER,           -- 1 = drinking water is treated
  insured        INTEGER,           -- 1 = health insurance up to date
  registered_day INTEGER NOT NULL,  -- day of registration
  here           INTEGER NOT NULL,  -- 0 = moved to another unit
  PRIMARY KEY (unit, household)
) /* sqlite: WITHOUT ROWID */;

-- A member of a household as described now.
CREATE TABLE person (
  unit            BIGINT  NOT NULL,  -- community health unit
  household       BIGINT  NOT NULL,  -- household
  person          BIGINT  NOT NULL,  -- member
  given_name      TEXT,              -- first name
  middle_name     TEXT,              -- middle name
  family_name     TEXT,              -- last name
  sex             TEXT,              -- male, female, intersex
  birth_day       INTEGER,           -- day of birth
  birth_estimated INTEGER NOT NULL,  -- 1 = the day of birth is an estimate
  relationship    TEXT,              -- to the head of household
  phone           TEXT,              -- telephone
  disability      INTEGER,           -- 1 = any functional difficulty of level 3 or more
  registered_day  INTEGER NOT NULL,  -- day of registration
  state           TEXT    NOT NULL,  -- here, left, died
  state_day       INTEGER NOT NULL,  -- day since which that holds
  PRIMARY KEY (unit, household, person)
) /* sqlite: WITHOUT ROWID */;

-- One call at a household.
CREATE TABLE visit (
  unit        BIGINT  NOT NULL,  -- community health unit
  household   BIGINT  NOT NULL,  -- household
  day         INTEGER NOT NULL,  -- local day of the visit
  visit       BIGINT  NOT NULL,  -- id of its visit.made event
  area        BIGINT,            -- area the author worked in
  author      BIGINT  NOT NULL,  -- the worker
  occurred_at BIGINT  NOT NULL,  -- instant of the visit
  outcome     TEXT    NOT NULL,  -- done, nobody_home, refused
  PRIMARY KEY (unit, household, day, visit)
) /* sqlite: WITHOUT ROWID */;

-- Visit status of the month: one row per household and month in which a visit was done.
CREATE TABLE visit_month (
  unit      BIGINT  NOT NULL,  -- community health unit
  household BIGINT  NOT NULL,  -- household
  month     INTEGER NOT NULL,  -- year × 100 + month
  visits    INTEGER NOT NULL,  -- visits done in it
  first_day INTEGER NOT NULL,  -- day of the first
  last_day  INTEGER NOT NULL,  -- day of the last
  PRIMARY KEY (unit, household, month)
) /* sqlite: WITHOUT ROWID */;

-- A pregnancy, as an episode of its own.
CREATE TABLE pregnancy (
  unit             BIGINT  NOT NULL,  -- community health unit
  household        BIGINT  NOT NULL,  -- household
  person           BIGINT  NOT NULL,  -- the woman
  pregnancy        BIGINT  NOT NULL,  -- id of the pregnancy.registered event
  registered_day   INTEGER NOT NULL,  -- day on which it was registered
  lmp_day          INTEGER,           -- first day of the last period (280 days before the due day if only that is known)
  edd_day          INTEGER,           -- expected day of delivery
  edd_source       TEXT,              -- period, handbook, ultrasound
  ended_day        INTEGER,           -- day on which it ended; NULL = still pregnant
  outcome          TEXT,              -- live_birth, stillbirth, miscarriage, unknown
  contacts         INTEGER NOT NULL,  -- antenatal clinic contacts she has had in it: days known, or the number told if that is greater
  last_contact_day INTEGER,           -- day of the latest
  next_contact_day INTEGER,           -- appointment given at the clinic, if later than the last contact
  high_risk        INTEGER NOT NULL,  -- 1 = a danger sign or raised blood pressure was recorded in it
  PRIMARY KEY (unit, household, person, pregnancy)
) /* sqlite: WITHOUT ROWID */;

-- What one antenatal check found: the clinic contacts a woman had had by then, as told or read in her handbook.
CREATE TABLE antenatal_contact (
  unit          BIGINT  NOT NULL,  -- community health unit
  household     BIGINT  NOT NULL,  -- household
  day           INTEGER NOT NULL,  -- day on which she was asked
  person        BIGINT  NOT NULL,  -- the woman
  event         BIGINT  NOT NULL,  -- the event that states it
  contact_day   INTEGER,           -- day of her latest contact at the clinic; NULL = none, or not known when
  contacts_told INTEGER,           -- how many contacts she has had, as told
  next_day      INTEGER,           -- appointment given at the clinic
  edd_day       INTEGER,           -- expected day of delivery, where the check states it anew
  edd_source    TEXT,              -- period, handbook, ultrasound
  danger        INTEGER NOT NULL,  -- 1 = a danger sign or blood pressure from 140/90 in the same event
  PRIMARY KEY (unit, household, day, person, event)
) /* sqlite: WITHOUT ROWID */;

-- One measurement of a child under five, with WHO z-scores (Child Growth Standards 2006, 2007).
CREATE TABLE growth (
  unit        BIGINT  NOT NULL,     -- community health unit
  household   BIGINT  NOT NULL,     -- household
  day         INTEGER NOT NULL,     -- day of the measurement
  person      BIGINT  NOT NULL,     -- the child
  event       BIGINT  NOT NULL,     -- the event that states it
  age_days    INTEGER,              -- age in whole days; NULL = day of birth not known
  approximate INTEGER NOT NULL,     -- 1 = day of birth is an estimate, age-based scores are approximate
  weight_kg   DOUBLE PRECISION,     -- weight
  length_cm   DOUBLE PRECISION,     -- length or height as measured
  position    TEXT,                 -- lying, standing
  muac_mm     DOUBLE PRECISION,     -- mid-upper arm circumference
  oedema      INTEGER NOT NULL,     -- 1 = both feet swollen
  waz         DOUBLE PRECISION,     -- weight-for-age z-score
  lhaz        DOUBLE PRECISION,     -- length- or height-for-age z-score
  wlhz        DOUBLE PRECISION,     -- weight-for-length or -height z-score
  mfaz        DOUBLE PRECISION,     -- MUAC-for-age z-score
  implausible INTEGER NOT NULL,     -- 1 = some score lies outside WHO's flag limits: measure again
  colour      TEXT,                 -- red, yellow, green: the nutrition class
  PRIMARY KEY (unit, household, day, person, event)
) /* sqlite: WITHOUT ROWID */;

-- One assessment of a member's symptoms.
CREATE TABLE illness (
  unit           BIGINT  NOT NULL,  -- community health unit
  household      BIGINT  NOT NULL,  -- household
  day            INTEGER NOT NULL,  -- day of the assessment
  person         BIGINT  NOT NULL,  -- the member
  event          BIGINT  NOT NULL,  -- the event that states it
  cough          INTEGER NOT NULL,  -- 1 = cough
  cough_day      INTEGER,           -- its onset
  fast_breathing INTEGER NOT NULL,  -- 1 = breaths per minute above the limit for age
  fever          INTEGER NOT NULL,  -- 1 = fever told or measured
  fever_day      INTEGER,           -- its onset
  diarrhoea      INTEGER NOT NULL,  -- 1 = diarrhoea
  diarrhoea_day  INTEGER,           -- its onset
  danger         INTEGER NOT NULL,  -- 1 = any danger sign
  PRIMARY KEY (unit, household, day, person, event)
) /* sqlite: WITHOUT ROWID */;

-- One check of how an older or disabled person moves.
CREATE TABLE mobility (
  unit          BIGINT  NOT NULL,  -- community health unit
  household     BIGINT  NOT NULL,  -- household
  day           INTEGER NOT NULL,  -- day of the check
  person        BIGINT  NOT NULL,  -- the person
  event         BIGINT  NOT NULL,  -- the event that states it
  walking       INTEGER,           -- Washington Group level: 1 no difficulty … 4 cannot
  chair_rise_s  DOUBLE PRECISION,  -- seconds for five chair rises
  falls         INTEGER,           -- falls since the check before
  PRIMARY KEY (unit, household, day, person, event)
) /* sqlite: WITHOUT ROWID */;

-- A referral with the state that its events give it.
CREATE TABLE referral (
  unit             BIGINT  NOT NULL,  -- community health unit
  household        BIGINT  NOT NULL,  -- household
  person           BIGINT  NOT NULL,  -- who was referred
  referral         BIGINT  NOT NULL,  -- id of the referral.made event
  code             TEXT    NOT NULL,  -- short human code on the slip
  class            TEXT    NOT NULL,  -- emergency, urgent, priority, routine
  facility         TEXT,              -- master facility code of the facility referred to
  reason           TEXT,              -- coded reason
  given            TEXT,              -- treatment given before the referral
  author           BIGINT  NOT NULL,  -- worker who referred
  area             BIGINT,            -- her area at the time
  made_at          BIGINT  NOT NULL,  -- when it was made
  made_day         INTEGER NOT NULL,  -- local day of that
  due_at           BIGINT  NOT NULL,  -- not arrived by then: the promoter looks into it
  escalate_at      BIGINT  NOT NULL,  -- not arrived by then: the supervisor too
  state            TEXT    NOT NULL,  -- made, arrived, seen, traced, declined, refused, elsewhere, moved, died, cancelled
  state_at         BIGINT  NOT NULL,  -- when that state began
  arrived_at       BIGINT,            -- when the person arrived
  seen_at          BIGINT,            -- when an outcome was recorded
  outcome          TEXT,              -- treated, admitted, referred_on, died, not_treated
  evidence         TEXT,              -- best grade for arrival or outcome: facility_record, facility_desk, slip, promoter_saw, client_says
  seen_by          TEXT,              -- master facility code where the outcome was recorded
  advice           TEXT,              -- what to do at home
  return_day       INTEGER,           -- next date at the facility
  PRIMARY KEY (unit, household, person, referral)
) /* sqlite: WITHOUT ROWID */;

-- A worker's answer to a signal.
CREATE TABLE signal_answer (
  unit      BIGINT  NOT NULL,  -- community health unit
  household BIGINT  NOT NULL,  -- household
  person    BIGINT  NOT NULL,  -- subject; 0 = the household
  code      TEXT    NOT NULL,  -- signal code
  episode   BIGINT  NOT NULL,  -- as in `signal`
  answer    TEXT    NOT NULL,  -- acknowledged, acted, dismissed
  reason    TEXT,              -- why, where it was dismissed
  day       INTEGER NOT NULL,  -- day of the answer: later evidence opens the signal again
  author    BIGINT  NOT NULL,  -- who answered
  PRIMARY KEY (unit, household, person, code, episode)
) /* sqlite: WITHOUT ROWID */;

-- A pattern that holds today. Written by the rules in content/<pack>/signals.
CREATE TABLE signal (
  unit        BIGINT  NOT NULL,  -- community health unit
  household   BIGINT  NOT NULL,  -- household
  person      BIGINT  NOT NULL,  -- subject; 0 = the household
  code        TEXT    NOT NULL,  -- rule that gave it
  episode     BIGINT  NOT NULL,  -- referral or pregnancy it is about; 0 = none
  class       TEXT    NOT NULL,  -- emergency, urgent, priority, routine
  state       TEXT    NOT NULL,  -- open, acknowledged, acted, dismissed
  first_day   INTEGER NOT NULL,  -- day of the first evidence
  last_day    INTEGER NOT NULL,  -- day of the latest evidence
  first_event BIGINT,            -- event of the first evidence
  last_event  BIGINT,            -- event of the latest evidence
  detail      TEXT,              -- which of the rule's wordings applies
  number_1    DOUBLE PRECISION,  -- first number its wording shows
  number_2    DOUBLE PRECISION,  -- second number its wording shows
  escalated   INTEGER NOT NULL,  -- 1 = the supervisor is to act too
  PRIMARY KEY (unit, household, person, code, episode)
) /* sqlite: WITHOUT ROWID */;

-- ───────────────────────── reference, the same everywhere ─────────────────────────

-- WHO growth reference, unrounded as published. Axis: age in days, or length/height in millimetres.
CREATE TABLE growth_reference (
  measure TEXT    NOT NULL,          -- weight_for_age, length_height_for_age, weight_for_length, weight_for_height, muac_for_age
  sex     TEXT    NOT NULL,          -- male, female
  axis    INTEGER NOT NULL,          -- age in days, or length/height in mm
  l       DOUBLE PRECISION NOT NULL, -- lambda
  m       DOUBLE PRECISION NOT NULL, -- median
  s       DOUBLE PRECISION NOT NULL, -- coefficient of variation
  PRIMARY KEY (measure, sex, axis)
) /* sqlite: WITHOUT ROWID */;

-- Months as days, because rules use no date functions.
CREATE TABLE calendar_month (
  month     INTEGER NOT NULL,   -- year × 100 + month
  first_day INTEGER NOT NULL,   -- its first day
  last_day  INTEGER NOT NULL,   -- its last day
  PRIMARY KEY (first_day)
) /* sqlite: WITHOUT ROWID */;

-- Antenatal contacts a pregnancy should have.
CREATE TABLE antenatal_schedule (
  contact INTEGER NOT NULL,     -- first, second, …
  week    INTEGER NOT NULL,     -- completed weeks of pregnancy at which it is due
  PRIMARY KEY (contact)
) /* sqlite: WITHOUT ROWID */;
-- What only the server holds, beside contract/schema.sql. Same conventions, same dialect.

-- Commit order within a unit: the row is updated in the inserting transaction. Writer: events.
CREATE TABLE unit_cursor (
  unit BIGINT NOT NULL,             -- community health unit
  seq  BIGINT NOT NULL,             -- last number given
  PRIMARY KEY (unit)
) /* sqlite: WITHOUT ROWID */;

CREATE UNIQUE INDEX event_in_commit_order ON event (unit, seq);

-- How the staff pages reach referrals without walking through the years: those whose loop is open,
-- those of a month, those to a facility, the one with the code on a slip. The rows' writer is record.
CREATE INDEX referral_in_state ON referral (unit, state, made_day);
CREATE INDEX referral_made_on ON referral (unit, made_day);
CREATE INDEX referral_to ON referral (facility, state, made_day);
CREATE INDEX referral_by_code ON referral (code);

-- Where a household is now, and a digest of its ledger. Writer: events.
CREATE TABLE home (
  unit       BIGINT NOT NULL,       -- unit in whose ledger this row stands
  household  BIGINT NOT NULL,       -- household
  area       BIGINT NOT NULL,       -- promoter's area now (or last, before it left the unit)
  moved_unit BIGINT,                -- unit it has moved to; NULL = it is here
  events     BIGINT NOT NULL,       -- how many events its ledger here holds
  digest     BIGINT NOT NULL,       -- sum of its mixed event ids, modulo 2^52 (contract/sync.md)
  PRIMARY KEY (unit, household)
) /* sqlite: WITHOUT ROWID */;

CREATE INDEX home_of_area ON home (unit, area);

-- What each area's phones are to receive, in commit order; a household that moves in is announced
-- anew with all its events. Writer: events.
CREATE TABLE feed (
  unit   BIGINT  NOT NULL,          -- unit
  area   BIGINT  NOT NULL,          -- receiving area
  lane   INTEGER NOT NULL,          -- 0 = urgent (referral outcomes and tasks), 1 = everything else
  pos    BIGINT  NOT NULL,          -- number from unit_cursor
  event  BIGINT  NOT NULL,          -- the event; 0 = the household in `leaver` left the area
  leaver BIGINT,                    -- household that left the area at this point
  PRIMARY KEY (unit, area, lane, pos)
) /* sqlite: WITHOUT ROWID */;

-- Which areas a household once lived in: work done there before the news came is still welcome.
CREATE INDEX feed_of_leaver ON feed (unit, area, leaver) WHERE leaver IS NOT NULL;

-- What was refused, kept word for word until somebody has looked. Writer: events.
CREATE TABLE quarantine (
  id          BIGINT NOT NULL,      -- device number × 2^32 + counter of this server
  unit        BIGINT,               -- unit the sender belongs to
  device      BIGINT,               -- sender
  received_at BIGINT NOT NULL,      -- when
  event       BIGINT,               -- the id it claimed
  code        TEXT   NOT NULL,      -- reason code from the catalogue of errors
  detail      TEXT,                 -- which field, which limit
  content     TEXT   NOT NULL,      -- what was sent
  resolved_at BIGINT,               -- when it was sent again and accepted, or dismissed
  PRIMARY KEY (id)
) /* sqlite: WITHOUT ROWID */;

CREATE INDEX quarantine_of_unit ON quarantine (unit, resolved_at, received_at);

-- Counters of the devices that are the server's own writers. Writer: events.
CREATE TABLE own_writer (
  device  BIGINT NOT NULL,          -- device number
  counter BIGINT NOT NULL,          -- last counter used
  PRIMARY KEY (device)
) /* sqlite: WITHOUT ROWID */;

-- Counties, sub-counties, wards, facilities, community health units and areas. Writer: access.
CREATE TABLE place (
  place    BIGINT NOT NULL,         -- number
  kind     TEXT   NOT NULL,         -- county, sub_county, ward, facility, unit, area
  parent   BIGINT,                  -- place it lies in
  name     TEXT   NOT NULL,         -- name as kept in the national register
  code     TEXT,                    -- master facility code, community unit code
  khis_uid TEXT,                    -- identifier in the national DHIS2
  facility BIGINT,                  -- of a unit: the facility it is linked to
  PRIMARY KEY (place)
) /* sqlite: WITHOUT ROWID */;

CREATE INDEX place_in ON place (parent, kind);
CREATE INDEX place_by_code ON place (kind, code);
CREATE INDEX place_linked_to ON place (facility);

-- People who log in. Writer: access.
CREATE TABLE account (
  account    BIGINT  NOT NULL,      -- number
  username   TEXT    NOT NULL,      -- name to log in with
  password   TEXT    NOT NULL,      -- argon2id hash
  name       TEXT    NOT NULL,      -- name shown
  phone      TEXT,                  -- telephone
  role       TEXT    NOT NULL,      -- chp, cha, nurse, sub_county, county, admin
  language   TEXT    NOT NULL,      -- sw, en
  active     INTEGER NOT NULL,      -- 0 = locked out
  created_at BIGINT  NOT NULL,      -- when
  PRIMARY KEY (account)
) /* sqlite: WITHOUT ROWID */;

CREATE UNIQUE INDEX account_by_username ON account (username);

-- Places an account works in: an area (CHP), units (CHA), a facility (nurse), a sub-county. Writer: access.
CREATE TABLE post (
  account BIGINT NOT NULL,          -- account
  place   BIGINT NOT NULL,          -- place
  PRIMARY KEY (account, place)
) /* sqlite: WITHOUT ROWID */;

CREATE INDEX post_at ON post (place);

-- Phones, each with the number that starts its ids. Writer: access.
CREATE TABLE device (
  device       BIGINT NOT NULL,     -- number, 1 to 2^21 − 1
  account      BIGINT NOT NULL,     -- who enrolled it
  unit         BIGINT NOT NULL,     -- unit it works in
  area         BIGINT NOT NULL,     -- area it works in
  token        TEXT   NOT NULL,     -- SHA-256 of its bearer token
  enrolled_at  BIGINT NOT NULL,     -- when
  revoked_at   BIGINT,              -- when it was told to wipe itself; NULL = in use
  last_sync_at BIGINT,              -- last completed sync
  waiting      INTEGER,             -- events it said were still waiting then
  skew_ms      BIGINT,              -- its clock minus ours at that sync
  app          TEXT,                -- version of the app it runs
  pack         TEXT,                -- version of the content pack it holds
  PRIMARY KEY (device)
) /* sqlite: WITHOUT ROWID */;

CREATE UNIQUE INDEX device_by_token ON device (token);
CREATE INDEX device_of_area ON device (unit, area);
CREATE INDEX device_of_account ON device (account);

-- Log-ins of the web pages. Writer: access.
CREATE TABLE session (
  token      TEXT   NOT NULL,       -- SHA-256 of the cookie
  account    BIGINT NOT NULL,       -- who
  csrf       TEXT   NOT NULL,       -- token that every form carries
  started_at BIGINT NOT NULL,       -- when
  seen_at    BIGINT NOT NULL,       -- last used
  PRIMARY KEY (token)
) /* sqlite: WITHOUT ROWID */;

CREATE INDEX session_of_account ON session (account);

-- Failed log-ins, for back-off. Writer: access.
CREATE TABLE login_failure (
  subject  TEXT    NOT NULL,        -- username
  failures INTEGER NOT NULL,        -- in a row
  last_at  BIGINT  NOT NULL,        -- the latest
  PRIMARY KEY (subject)
) /* sqlite: WITHOUT ROWID */;

-- Who read whose record, or downloaded what. Append-only. Writer: access.
CREATE TABLE access_log (
  id        BIGINT NOT NULL,        -- number
  at        BIGINT NOT NULL,        -- when
  account   BIGINT NOT NULL,        -- who
  action    TEXT   NOT NULL,        -- read, download, search, login, enrol, revoke
  unit      BIGINT,                 -- unit concerned
  household BIGINT,                 -- household concerned
  person    BIGINT,                 -- person concerned
  detail    TEXT,                   -- what else
  PRIMARY KEY (id)
) /* sqlite: WITHOUT ROWID */;

CREATE INDEX access_log_of_person ON access_log (unit, household, person, at);

-- What the store holds besides rows: schema version, pack version, last day turned. Writer: db, clockwork.
CREATE TABLE setting (
  name  TEXT NOT NULL,              -- name
  value TEXT NOT NULL,              -- value
  PRIMARY KEY (name)
) /* sqlite: WITHOUT ROWID */;
