-- What was told of members who left or died waits for their supervisor. The table is filled from the ledger by
-- itself. Tasks are read by the unit. Who does not agree that more is kept is known of households and members.

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

CREATE INDEX departure_waiting ON departure (unit, told_at) WHERE verdict = 'waiting';
CREATE INDEX task_open ON task (unit, due_day) WHERE state = 'open';

ALTER TABLE household ADD COLUMN refused_day INTEGER;
ALTER TABLE person ADD COLUMN refused_day INTEGER;
