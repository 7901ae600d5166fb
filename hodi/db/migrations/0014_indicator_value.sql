-- Indicators are folders of the pack, and their values are kept.

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
