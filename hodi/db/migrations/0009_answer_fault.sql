-- What of the raw answers does not hold against its form: the data-quality list.

CREATE TABLE answer_fault (
  unit         BIGINT  NOT NULL,
  event        BIGINT  NOT NULL,
  ordinal      INTEGER NOT NULL,
  household    BIGINT,
  form         TEXT    NOT NULL,
  form_version INTEGER,
  question     TEXT    NOT NULL,
  reason       TEXT    NOT NULL,
  found_at     BIGINT  NOT NULL,
  PRIMARY KEY (unit, event, ordinal)
) /* sqlite: WITHOUT ROWID */;
