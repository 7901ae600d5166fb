-- mobility: one row per check of how an older or disabled person moves.
--
-- Source: walking level of the Washington Group's short set (1 no difficulty … 4 cannot); five chair
-- rises of WHO's Integrated Care for Older People.
--
-- facts: assessment.recorded
-- since: day
-- sizes: 150000 2000 3 1 1 1

-- One check of how an older or disabled person moves.
CREATE TABLE mobility (
  unit          BIGINT  NOT NULL,  -- community health unit
  household     BIGINT  NOT NULL,  -- household
  day           INTEGER NOT NULL,  -- day of the check
  person        BIGINT  NOT NULL,  -- the person
  event         BIGINT  NOT NULL,  -- the event that states it
  walking       INTEGER,           -- Washington Group level: 1 no difficulty … 4 cannot
  chair_rise_s  DOUBLE PRECISION,  -- seconds for five chair rises
  falls         INTEGER,           -- falls since the check before
  PRIMARY KEY (unit, household, day, person, event)
) /* sqlite: WITHOUT ROWID */;

SELECT f.unit, f.household, f.occurred_day, f.person, f.id,
       MAX(CASE WHEN o.concept = 'walking' THEN CAST(FLOOR(o.number) AS INTEGER) END),
       MAX(CASE WHEN o.concept = 'chair_rise_s' THEN o.number END),
       MAX(CASE WHEN o.concept = 'falls' THEN CAST(FLOOR(o.number) AS INTEGER) END)
FROM fresh f
LEFT JOIN observation o
  ON o.unit = f.unit AND o.event = f.source AND (o.person IS NULL OR o.person = f.person)
 AND o.concept IN ('walking', 'chair_rise_s', 'falls')
WHERE f.person IS NOT NULL
GROUP BY f.unit, f.household, f.occurred_day, f.person, f.id
HAVING COUNT(o.concept) > 0
