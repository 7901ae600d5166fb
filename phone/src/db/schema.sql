-- What only a phone holds, beside contract/schema.sql. SQLite, encrypted at rest.

-- Events of this phone that the server has not acknowledged yet.
CREATE TABLE outbox (
  event  INTEGER NOT NULL PRIMARY KEY,  -- id of the event; one batch travels in id order
  urgent INTEGER NOT NULL,              -- 1 = travels first
  state  TEXT    NOT NULL,              -- waiting, refused
  code   TEXT,                          -- why it was refused (catalogue of errors)
  detail TEXT                           -- which field, which limit
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

-- Single values: device, account, scope, sync token, clock offset, id counter, last stamp, language, pack version.
CREATE TABLE setting (
  name  TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL                      -- JSON
);
