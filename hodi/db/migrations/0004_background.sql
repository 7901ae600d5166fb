-- Leases, positions and set-aside items of the background work; the outbox.

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
