-- A rule is asked again when its time has come.

-- When time alone next changes what a rule says of a household: it is asked again then, and not before unless
-- something that it reads is written. Written by the rules.
CREATE TABLE rule_due (
  unit      BIGINT NOT NULL,   -- community health unit
  household BIGINT NOT NULL,   -- household
  code      TEXT   NOT NULL,   -- the rule
  turn      TEXT   NOT NULL,   -- what `until` is: day = a local day, instant = ms
  until     BIGINT NOT NULL,   -- the first day or instant on which the result is different
  PRIMARY KEY (unit, household, code, turn)
) /* sqlite: WITHOUT ROWID */;

CREATE INDEX rule_due_at ON rule_due (turn, until);

DELETE FROM setting WHERE name IN ('turned_day', 'turned_hour');
