-- What a programme adds to the record is made from the pack, and folded anew from the ledger.
DROP TABLE pregnancy;
DROP TABLE antenatal_contact;
DROP TABLE growth;
DROP TABLE illness;
DROP TABLE mobility;
DROP TABLE growth_reference;
DROP TABLE antenatal_schedule;
DELETE FROM setting WHERE name = 'fold_version';

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
