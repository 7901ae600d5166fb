-- Tables of contract/schema.sql and contract/record that came after the first release. A phone whose app is newer than its pack
-- has them empty until the pack follows, which makes them anew.
CREATE TABLE IF NOT EXISTS task (
  unit BIGINT NOT NULL, household BIGINT NOT NULL, person BIGINT NOT NULL, code TEXT NOT NULL, episode BIGINT NOT NULL,
  opens_day INTEGER NOT NULL, due_day INTEGER NOT NULL, overdue_day INTEGER NOT NULL, closes_day INTEGER NOT NULL,
  done_day INTEGER, state TEXT NOT NULL, form TEXT, detail TEXT,
  PRIMARY KEY (unit, household, person, code, episode)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS departure (
  unit BIGINT NOT NULL, household BIGINT NOT NULL, person BIGINT NOT NULL, departure BIGINT NOT NULL,
  kind TEXT NOT NULL, day INTEGER NOT NULL, certain TEXT, reason TEXT, moved_to TEXT, moved_place TEXT, place TEXT, cause TEXT,
  cause_told TEXT, class TEXT, maternal INTEGER NOT NULL, told_at BIGINT NOT NULL, author BIGINT NOT NULL,
  verdict TEXT NOT NULL, verdict_at BIGINT, verdict_day INTEGER, answer TEXT,
  PRIMARY KEY (unit, household, person, departure)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS urgency (class TEXT NOT NULL PRIMARY KEY, rank INTEGER NOT NULL) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS place_fact (
  unit BIGINT NOT NULL, area BIGINT NOT NULL, fact TEXT NOT NULL, value TEXT NOT NULL,
  PRIMARY KEY (unit, area, fact)
) WITHOUT ROWID;
