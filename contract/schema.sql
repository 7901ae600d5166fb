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
  registered_day INTEGER NOT NULL,  -- day of registration
  here           INTEGER NOT NULL,  -- 0 = moved to another unit
  refused_day    INTEGER,           -- since then the family does not agree that its health information is kept
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
  refused_day     INTEGER,           -- since then she, or her guardian, does not agree that more is kept of her
  PRIMARY KEY (unit, household, person)
) /* sqlite: WITHOUT ROWID */;

-- What was told of a member who left or died, and what the supervisor said to it. Whoever is told to be gone is
-- gone at once; sent back, the person is a member again.
CREATE TABLE departure (
  unit        BIGINT  NOT NULL,  -- community health unit
  household   BIGINT  NOT NULL,  -- household
  person      BIGINT  NOT NULL,  -- who left or died
  departure   BIGINT  NOT NULL,  -- id of the event that tells it
  kind        TEXT    NOT NULL,  -- left, died
  day         INTEGER NOT NULL,  -- day on which it happened, as told
  certain     TEXT,              -- how much of that day is certain: day, month, year
  reason      TEXT,              -- why the person is no longer here
  moved_to    TEXT,              -- where to, coded
  moved_place TEXT,              -- the same in words
  place       TEXT,              -- where the person died
  cause       TEXT,              -- of what, coded
  cause_told  TEXT,              -- the same in the family's words
  class       TEXT,              -- of a death: the age group that reviews and reports ask for
  maternal    INTEGER NOT NULL,  -- 1 = of a woman who was pregnant, or had been shortly before
  told_at     BIGINT  NOT NULL,  -- when it was stated
  author      BIGINT  NOT NULL,  -- who stated it
  verdict     TEXT    NOT NULL,  -- waiting, approved, sent_back
  verdict_at  BIGINT,            -- when the supervisor said so
  verdict_day INTEGER,           -- local day of that
  answer      TEXT,              -- what she wrote
  PRIMARY KEY (unit, household, person, departure)
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

-- One value of a concept that the pack keeps (`kept` in concepts.csv), with corrections and retractions carried
-- out: for rules, pages and figures over single values, which need no table of their own.
CREATE TABLE finding (
  unit      BIGINT  NOT NULL,    -- community health unit
  household BIGINT  NOT NULL,    -- household
  day       INTEGER NOT NULL,    -- local day of the event
  person    BIGINT  NOT NULL,    -- whom it is stated about; 0 = the household
  event     BIGINT  NOT NULL,    -- the event that states it
  ordinal   INTEGER NOT NULL,    -- position within the event
  concept   TEXT    NOT NULL,    -- name from the pack's concepts.csv
  number    DOUBLE PRECISION,    -- the value, if it is a number, a day or 0/1
  code      TEXT,                -- the value, if it is one of a list
  text      TEXT,                -- the value, if it is free text
  stamp     BIGINT  NOT NULL,    -- stamp of the event: of two about the same thing the later is believed
  PRIMARY KEY (unit, household, day, person, event, ordinal)
) /* sqlite: WITHOUT ROWID */;

-- A referral with the state that its events give it. Overdue is what has `due_at` <= now, and nothing else;
-- open is what has a `due_at`.
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
  owner            TEXT    NOT NULL,  -- who has to act next: promoter, supervisor, facility; nobody = it has ended
  due_at           BIGINT,            -- not acted by then: overdue; NULL = it has ended
  escalate_at      BIGINT,            -- not acted by then: the supervisor's too; NULL = it has ended
  state            TEXT    NOT NULL,  -- made, arrived, seen, traced, not_found, declined, refused, elsewhere, moved, died, cancelled, closed
  state_event      BIGINT  NOT NULL,  -- the event that gave it that state
  state_at         BIGINT  NOT NULL,  -- when that state began
  arrived_at       BIGINT,            -- when the person arrived
  seen_at          BIGINT,            -- when an outcome was recorded
  outcome          TEXT,              -- treated, admitted, referred_on, died, not_treated
  evidence         TEXT,              -- grade of the arrival or outcome: facility_record, facility_desk, slip, promoter_saw, client_says
  seen_by          TEXT,              -- master facility code where the outcome was recorded
  advice           TEXT,              -- what to do at home
  return_day       INTEGER,           -- next date at the facility
  return_kept      INTEGER,           -- 1 = that date was kept, 0 = it was not; NULL = nobody has said
  trace_reason     TEXT,              -- why the person did not go, as found last
  decline_reason   TEXT,              -- why the facility could not help
  close_reason     TEXT,              -- why it was closed without an outcome
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

-- A worker put a task aside, with a reason. It stays aside until its window opens anew.
CREATE TABLE task_dismissal (
  unit      BIGINT  NOT NULL,  -- community health unit
  household BIGINT  NOT NULL,  -- household
  person    BIGINT  NOT NULL,  -- whom the task is about; 0 = the household
  code      TEXT    NOT NULL,  -- task code
  episode   BIGINT  NOT NULL,  -- as in `task`
  reason    TEXT,              -- why
  day       INTEGER NOT NULL,  -- day on which it was put aside
  author    BIGINT  NOT NULL,  -- who did
  PRIMARY KEY (unit, household, person, code, episode)
) /* sqlite: WITHOUT ROWID */;

-- Who is due for what, from when until when. Written by the rules in a pack's programmes. A window never
-- locks a form: what is done early or late is done.
CREATE TABLE task (
  unit        BIGINT  NOT NULL,  -- community health unit
  household   BIGINT  NOT NULL,  -- household
  person      BIGINT  NOT NULL,  -- whom it is about; 0 = the household
  code        TEXT    NOT NULL,  -- rule that gave it
  episode     BIGINT  NOT NULL,  -- what it follows from (a month, a pregnancy, an event): the same on every machine
  opens_day   INTEGER NOT NULL,  -- from this day on it is shown
  due_day     INTEGER NOT NULL,  -- day on which it should be done
  overdue_day INTEGER NOT NULL,  -- from this day on it is overdue
  closes_day  INTEGER NOT NULL,  -- last day on which it is shown
  done_day    INTEGER,           -- day on which it was done
  state       TEXT    NOT NULL,  -- open, done, dismissed
  form        TEXT,              -- form that does it; NULL = a visit does
  detail      TEXT,              -- which of the rule's wordings applies
  PRIMARY KEY (unit, household, person, code, episode)
) /* sqlite: WITHOUT ROWID */;

-- When time alone next changes what a rule says of a household: it is asked again then, and not before unless
-- something that it reads is written. Written by the rules.
CREATE TABLE rule_due (
  unit      BIGINT NOT NULL,   -- community health unit
  household BIGINT NOT NULL,   -- household
  code      TEXT   NOT NULL,   -- the rule
  turn      TEXT   NOT NULL,   -- what `until` is: day = a local day, instant = ms
  until     BIGINT NOT NULL,   -- the first day or instant on which the result is different
  PRIMARY KEY (unit, household, code, turn)
) /* sqlite: WITHOUT ROWID */;

-- ───────────────────────── places ─────────────────────────

-- What is true of the place that a promoter's area lies in, as the pack says it: of the area itself, or of the
-- nearest place above it of which the pack says something. Follows from the pack and the register of places;
-- a phone has it with its scope. No rule and no form names a place: they read this.
CREATE TABLE place_fact (
  unit  BIGINT NOT NULL,        -- community health unit
  area  BIGINT NOT NULL,        -- promoter's area in it
  fact  TEXT   NOT NULL,        -- concept from the pack's concepts.csv
  value TEXT   NOT NULL,        -- one of its codes
  PRIMARY KEY (unit, area, fact)
) /* sqlite: WITHOUT ROWID */;

-- ───────────────────────── reference, the same everywhere ─────────────────────────

-- Months as days, because rules use no date functions.
CREATE TABLE calendar_month (
  month     INTEGER NOT NULL,   -- year × 100 + month
  first_day INTEGER NOT NULL,   -- its first day
  last_day  INTEGER NOT NULL,   -- its last day
  PRIMARY KEY (first_day)
) /* sqlite: WITHOUT ROWID */;
