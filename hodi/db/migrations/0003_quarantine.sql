-- Quarantine keeps a hash and at most 64 kB of what was refused, the words apart; a phone has a day's limit.

CREATE TABLE quarantine_before AS SELECT * FROM quarantine;

DROP TABLE quarantine;

CREATE TABLE quarantine (
  id           BIGINT NOT NULL,
  unit         BIGINT,
  device       BIGINT,
  received_at  BIGINT NOT NULL,
  event        BIGINT,
  kind         TEXT,
  occurred_day INTEGER,
  code         TEXT   NOT NULL,
  detail       TEXT,
  hash         TEXT,
  bytes        BIGINT NOT NULL,
  resolved_at  BIGINT,
  PRIMARY KEY (id)
) /* sqlite: WITHOUT ROWID */;

CREATE TABLE quarantine_content (
  id      BIGINT NOT NULL,
  content TEXT   NOT NULL,
  PRIMARY KEY (id)
) /* sqlite: WITHOUT ROWID */;

INSERT INTO quarantine (id, unit, device, received_at, event, code, detail, bytes, resolved_at)
SELECT id, unit, device, received_at, event, code, detail, LENGTH(content), resolved_at FROM quarantine_before;

INSERT INTO quarantine_content (id, content) SELECT id, SUBSTR(content, 1, 65536) FROM quarantine_before;

DROP TABLE quarantine_before;

CREATE INDEX quarantine_of_unit ON quarantine (unit, resolved_at, received_at);

CREATE INDEX quarantine_of_device ON quarantine (unit, device, resolved_at, event, hash);

CREATE TABLE device_usage (
  unit   BIGINT  NOT NULL,
  device BIGINT  NOT NULL,
  day    INTEGER NOT NULL,
  bytes  BIGINT  NOT NULL,
  PRIMARY KEY (unit, device, day)
) /* sqlite: WITHOUT ROWID */;
