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
CREATE INDEX referral_open ON referral (unit, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX referral_made_on ON referral (unit, made_day);
CREATE INDEX referral_to ON referral (facility, state, made_day);
CREATE INDEX referral_open_to ON referral (facility, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX referral_by_code ON referral (code);

-- How the board reaches departures that wait for the supervisor, and tasks that are due. The rows' writer is record.
CREATE INDEX departure_waiting ON departure (unit, told_at) WHERE verdict = 'waiting';
CREATE INDEX task_open ON task (unit, due_day) WHERE state = 'open';

-- Since when a household waits to be folded (ms); NULL = it was touched for another reason than an arrival.
ALTER TABLE touched ADD COLUMN touched_at BIGINT;

-- Whose time has come, in whichever unit. The rows' writer is record.
CREATE INDEX rule_due_at ON rule_due (turn, until);

-- What the indicators say, by area and month: sums that can be made anew at any time from the record. Kept by
-- the consumer `indicators`. Writer: indicators.
CREATE TABLE indicator_value (
  unit        BIGINT  NOT NULL,     -- community health unit
  area        BIGINT  NOT NULL,     -- promoter's area in which the households live now
  month       INTEGER NOT NULL,     -- year × 100 + month; 0 = as it stands now
  code        TEXT    NOT NULL,     -- indicator, from a folder of the pack's programmes
  cell        TEXT    NOT NULL,     -- sex, age group or whatever else it is told apart by; empty = not told apart
  numerator   BIGINT  NOT NULL,     -- how many count
  denominator BIGINT  NOT NULL,     -- of how many; 0 = a plain count
  PRIMARY KEY (unit, month, code, area, cell)
) /* sqlite: WITHOUT ROWID */;

-- When an indicator of an area is next to be counted, and for which months: something that it reads was
-- written (0), or time alone changes it. Writer: indicators.
CREATE TABLE indicator_due (
  unit        BIGINT  NOT NULL,     -- community health unit
  area        BIGINT  NOT NULL,     -- promoter's area
  code        TEXT    NOT NULL,     -- indicator
  since_month INTEGER NOT NULL,     -- the months from this one on
  due_day     INTEGER NOT NULL,     -- on this local day
  PRIMARY KEY (unit, area, code)
) /* sqlite: WITHOUT ROWID */;

CREATE INDEX indicator_due_at ON indicator_due (due_day, unit, area);

-- How the indicators reach the households of an area. The rows' writer is record.
CREATE INDEX household_of_area ON household (unit, area);

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

-- What was refused, until somebody has looked. Writer: events.
CREATE TABLE quarantine (
  id           BIGINT NOT NULL,     -- device number × 2^32 + counter of this server
  unit         BIGINT,              -- unit the sender belongs to
  device       BIGINT,              -- sender
  received_at  BIGINT NOT NULL,     -- when
  event        BIGINT,              -- the id it claimed
  kind         TEXT,                -- the kind it claimed, if it could be read
  occurred_day INTEGER,             -- the day it claimed, if it could be read
  code         TEXT   NOT NULL,     -- reason code from the catalogue of errors
  detail       TEXT,                -- which field, which limit
  hash         TEXT,                -- SHA-256 of the code and what was sent; NULL = kept before there were hashes
  bytes        BIGINT NOT NULL,     -- how much was sent
  resolved_at  BIGINT,              -- when it was sent again and accepted, or dismissed
  PRIMARY KEY (id)
) /* sqlite: WITHOUT ROWID */;

CREATE INDEX quarantine_of_unit ON quarantine (unit, resolved_at, received_at);
CREATE INDEX quarantine_of_device ON quarantine (unit, device, resolved_at, event, hash);

-- The words of what was refused, at most 64 kB each; read by nobody but an engineer who looks. Writer: events.
CREATE TABLE quarantine_content (
  id      BIGINT NOT NULL,          -- the quarantine's row
  content TEXT   NOT NULL,          -- what was sent, or the beginning of it
  PRIMARY KEY (id)
) /* sqlite: WITHOUT ROWID */;

-- How much a phone has filled today, so that none fills the store. Writer: events.
CREATE TABLE device_usage (
  unit   BIGINT  NOT NULL,          -- unit the phone works in
  device BIGINT  NOT NULL,          -- phone
  day    INTEGER NOT NULL,          -- local day
  bytes  BIGINT  NOT NULL,          -- bytes of events that were accepted or refused on it
  PRIMARY KEY (unit, device, day)
) /* sqlite: WITHOUT ROWID */;

-- Counters of the devices that are the server's own writers. Writer: events.
CREATE TABLE own_writer (
  device  BIGINT NOT NULL,          -- device number
  counter BIGINT NOT NULL,          -- last counter used
  PRIMARY KEY (device)
) /* sqlite: WITHOUT ROWID */;

-- Places of the levels that the pack names, down to units and areas, and facilities. Writer: access.
CREATE TABLE place (
  place    BIGINT NOT NULL,         -- number
  kind     TEXT   NOT NULL,         -- a level of the pack, down to unit and area; or facility
  parent   BIGINT,                  -- place it lies in
  name     TEXT   NOT NULL,         -- name as kept in the national register
  code     TEXT,                    -- code in the national register of facilities or units
  hmis_uid TEXT,                    -- identifier in the national health information system (DHIS2)
  facility BIGINT,                  -- of a unit: the facility it is linked to
  retired_at BIGINT,                -- when it went out of use; NULL = in use
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
  role       TEXT    NOT NULL,      -- promoter, supervisor, nurse, officer, admin
  language   TEXT    NOT NULL,      -- one of the pack's
  active     INTEGER NOT NULL,      -- 0 = locked out
  created_at BIGINT  NOT NULL,      -- when
  retired_at BIGINT,                -- when the person left and the account was closed for good; NULL = in use
  PRIMARY KEY (account)
) /* sqlite: WITHOUT ROWID */;

CREATE UNIQUE INDEX account_by_username ON account (username);

-- Places an account works in: an area (promoter), units (supervisor), a facility (nurse), places above (officer). Writer: access.
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
  origin       BIGINT,              -- first number of its chain of enrolments; NULL = this one
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

-- Log-ins that were tried and not found right (yet), for back-off. Writer: access.
CREATE TABLE login_attempt (
  subject  TEXT    NOT NULL,        -- keyed digest of a username, an address, both together, or a known browser
  attempts INTEGER NOT NULL,        -- counted before the password is looked at
  last_at  BIGINT  NOT NULL,        -- the latest
  PRIMARY KEY (subject)
) /* sqlite: WITHOUT ROWID */;

CREATE INDEX login_attempt_by_age ON login_attempt (last_at);

-- Who read whose record, who logged in, who changed which account, place or phone. Append-only. Writer: access.
CREATE TABLE access_log (
  id        BIGINT NOT NULL,        -- number
  at        BIGINT NOT NULL,        -- when
  account   BIGINT NOT NULL,        -- who
  action    TEXT   NOT NULL,        -- read, search, download, login, enrol, and what was changed (hodi/access/log.py)
  unit      BIGINT,                 -- unit concerned
  household BIGINT,                 -- household concerned
  person    BIGINT,                 -- person concerned
  detail    TEXT,                   -- what else
  about     BIGINT,                 -- account concerned, where one was changed
  PRIMARY KEY (id)
) /* sqlite: WITHOUT ROWID */;

CREATE INDEX access_log_of_person ON access_log (unit, household, person, at);
CREATE INDEX access_log_by_time ON access_log (at, id);
CREATE INDEX access_log_of_account ON access_log (account, at, id);

-- A nurse of another facility to whom the person brought the slip: she may open the referral. Writer: access.
CREATE TABLE referral_claim (
  unit     BIGINT NOT NULL,         -- unit of the referral
  referral BIGINT NOT NULL,         -- the referral
  account  BIGINT NOT NULL,         -- the nurse
  at       BIGINT NOT NULL,         -- when
  PRIMARY KEY (unit, referral, account)
) /* sqlite: WITHOUT ROWID */;

-- Which process works on a unit, by kind of work (`lease` of hodi/background/consumers.py). Work that ends in
-- its own transaction only locks the row; what spans several writes a holder and an end. Writer: background.
CREATE TABLE unit_lease (
  unit   BIGINT NOT NULL,           -- unit
  work   TEXT   NOT NULL,           -- kind of work: consumers of one kind never work on one unit at once
  holder TEXT   NOT NULL,           -- process that holds it; empty = nobody
  until  BIGINT NOT NULL,           -- when it ends unless it is renewed
  PRIMARY KEY (unit, work)
) /* sqlite: WITHOUT ROWID */;

-- How far a consumer has come in a unit. Writer: background.
CREATE TABLE consumer_position (
  unit     BIGINT NOT NULL,         -- unit
  consumer TEXT   NOT NULL,         -- name of the consumer
  version  TEXT   NOT NULL,         -- version of what it does; another one begins anew
  position BIGINT NOT NULL,         -- of a ledger follower: last seq; of a clock: last day or hour
  PRIMARY KEY (unit, consumer)
) /* sqlite: WITHOUT ROWID */;

-- What a consumer could not process by itself and has set aside, so that it holds up nothing else: it is tried
-- again later. Writer: background.
CREATE TABLE poisoned_item (
  unit     BIGINT  NOT NULL,        -- unit
  consumer TEXT    NOT NULL,        -- name of the consumer
  item     BIGINT  NOT NULL,        -- household, or seq of the ledger
  failures INTEGER NOT NULL,        -- how often it failed
  error    TEXT    NOT NULL,        -- kind of the last error; never anybody's data
  retry_at BIGINT  NOT NULL,        -- not tried before
  PRIMARY KEY (unit, consumer, item)
) /* sqlite: WITHOUT ROWID */;

-- What is to leave the house for another system, written in the transaction of what caused it and delivered
-- at least once; the partner knows a repeated message by its key. Writer: exchange.
CREATE TABLE outbox (
  unit        BIGINT  NOT NULL,     -- unit that it concerns
  partner     TEXT    NOT NULL,     -- name of the system that it goes to
  key         TEXT    NOT NULL,     -- what it is about: a later message of the same key takes its place
  payload     TEXT    NOT NULL,     -- what is sent
  revision    INTEGER NOT NULL,     -- how often the payload has changed
  state       TEXT    NOT NULL,     -- waiting, sent, dead (given up until somebody sends it anew)
  tries       INTEGER NOT NULL,     -- how often this payload was sent
  next_at     BIGINT  NOT NULL,     -- not sent before
  made_at     BIGINT  NOT NULL,     -- when this payload was written
  answered_at BIGINT,               -- when the last answer came
  answer      TEXT,                 -- the last answer, or the kind of the last error
  PRIMARY KEY (unit, partner, key)
) /* sqlite: WITHOUT ROWID */;

CREATE INDEX outbox_due ON outbox (unit, state, next_at);

-- What of an event's raw answers does not hold against its form, found after it was accepted: the data-quality
-- list. Writer: quality.
CREATE TABLE answer_fault (
  unit         BIGINT  NOT NULL,    -- unit in whose ledger the event stands
  event        BIGINT  NOT NULL,    -- the event that carries the answers
  ordinal      INTEGER NOT NULL,    -- 0, 1, … within the event
  household    BIGINT,              -- household that it concerns
  form         TEXT    NOT NULL,    -- the form
  form_version INTEGER,             -- and its version
  question     TEXT    NOT NULL,    -- path of the question, empty for the form as a whole
  reason       TEXT    NOT NULL,    -- unknown, type, range, constraint, required, not_asked
  found_at     BIGINT  NOT NULL,    -- when it was found
  resolved_at  BIGINT,              -- when the supervisor dealt with it; NULL = it stands on her list
  PRIMARY KEY (unit, event, ordinal)
) /* sqlite: WITHOUT ROWID */;

-- What the store holds besides rows: the migrations that have run, pack version, version of the fold. Writer: db, record, and whoever names one.
CREATE TABLE setting (
  name  TEXT NOT NULL,              -- name
  value TEXT NOT NULL,              -- value
  PRIMARY KEY (name)
) /* sqlite: WITHOUT ROWID */;
