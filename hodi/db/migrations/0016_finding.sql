-- Single values stand in one table of findings; what a household is asked about water and hygiene is there too.
CREATE TABLE household_before AS SELECT unit, household, area, head_name, village, landmark, phone, registered_day, here, refused_day FROM household;
DROP TABLE household;

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

INSERT INTO household (unit, household, area, head_name, village, landmark, phone, registered_day, here, refused_day)
SELECT unit, household, area, head_name, village, landmark, phone, registered_day, here, refused_day FROM household_before;
DROP TABLE household_before;
CREATE INDEX household_of_area ON household (unit, area);

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
