-- What only a phone holds, beside contract/schema.sql. SQLite, encrypted at rest.

-- Events of this phone that the server has not acknowledged yet.
CREATE TABLE outbox (
  event        INTEGER NOT NULL PRIMARY KEY,  -- id of the event; one batch travels in id order
  unit         INTEGER NOT NULL,              -- unit in whose ledger the phone keeps it
  urgent       INTEGER NOT NULL,              -- 1 = travels first
  contact      INTEGER NOT NULL,              -- last contact with the server before it was recorded (its clock, ms)
  clock_offset INTEGER NOT NULL,              -- ms that were added to the phone's clock when it was recorded
  state        TEXT    NOT NULL,              -- waiting, refused
  code         TEXT,                          -- why it was refused (catalogue of errors)
  detail       TEXT                           -- which field, which limit
);

-- The households this phone holds, each with a digest of what the server is known to have of it.
CREATE TABLE home (
  household INTEGER NOT NULL PRIMARY KEY,     -- household
  unit      INTEGER NOT NULL,                 -- unit in whose ledger the phone keeps it
  events    INTEGER NOT NULL,                 -- how many of its events have a receipt or were pulled
  digest    INTEGER NOT NULL,                 -- sum of their mixed ids, modulo 2^52
  leaving   INTEGER NOT NULL                  -- 1 = left the scope; removed once none of its events waits
);

-- Answers of forms that are not finished. Every answer is written here when it is given.
CREATE TABLE draft (
  draft      INTEGER NOT NULL PRIMARY KEY, -- number
  form       TEXT    NOT NULL,             -- form
  version    INTEGER NOT NULL,             -- its version when the draft began
  household  INTEGER,                      -- what it is about
  person     INTEGER,
  visit      INTEGER,
  answers    TEXT    NOT NULL,             -- JSON: answers given so far, and where she is
  started_at INTEGER NOT NULL,             -- when
  changed_at INTEGER NOT NULL              -- last answer
);

-- Single values, listed with their types in settings.ts.
CREATE TABLE setting (
  name  TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL                      -- JSON
);
