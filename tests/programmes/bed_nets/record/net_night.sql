-- net_night: one row per member and night that was asked about.
--
-- facts: assessment.recorded
-- since: day
-- sizes: 50000 2000 3 1 1 1

-- Whether somebody slept under a net in one night.
CREATE TABLE net_night (
  unit      BIGINT  NOT NULL,  -- community health unit
  household BIGINT  NOT NULL,  -- household
  day       INTEGER NOT NULL,  -- day of the question
  person    BIGINT  NOT NULL,  -- the member
  event     BIGINT  NOT NULL,  -- the event that states it
  slept     INTEGER NOT NULL,  -- 1 = under a net
  PRIMARY KEY (unit, household, day, person, event)
) /* sqlite: WITHOUT ROWID */;

SELECT f.unit, f.household, f.occurred_day, f.person, f.id,
       MAX(CAST(FLOOR(o.number) AS INTEGER))
FROM fresh f
LEFT JOIN observation o
  ON o.unit = f.unit AND o.event = f.source AND (o.person IS NULL OR o.person = f.person)
 AND o.concept = 'under_net'
WHERE f.person IS NOT NULL
GROUP BY f.unit, f.household, f.occurred_day, f.person, f.id
HAVING COUNT(o.concept) > 0
