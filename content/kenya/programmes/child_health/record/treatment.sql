-- treatment: what was given at an assessment, or why not, one row a medicine.
--
-- What was advised is on the form; this is what the promoter states that she did.
--
-- Source: treatment and commodity tracking register (MOH 521).
-- facts: assessment.recorded
-- since: day
-- sizes: 150000 2000 3 1 1 1 1

-- One medicine that was given, or that was advised and not given.
CREATE TABLE treatment (
  unit      BIGINT  NOT NULL,  -- community health unit
  household BIGINT  NOT NULL,  -- household
  day       INTEGER NOT NULL,  -- day of the assessment
  person    BIGINT  NOT NULL,  -- the person
  event     BIGINT  NOT NULL,  -- the event that states it
  medicine  TEXT    NOT NULL,  -- act, amoxicillin, ors, zinc, paracetamol, albendazole
  supply    TEXT    NOT NULL,  -- given, out_of_stock, refused, other
  quantity  DOUBLE PRECISION,  -- tablets or sachets given
  PRIMARY KEY (unit, household, day, person, event, medicine)
) /* sqlite: WITHOUT ROWID */;

WITH told AS (
  SELECT f.unit, f.household, f.occurred_day, f.person, f.id, o.code, o.number,
         CASE o.concept
           WHEN 'act_supply' THEN 'act'
           WHEN 'act_tablets_given' THEN 'act'
           WHEN 'amoxicillin_supply' THEN 'amoxicillin'
           WHEN 'amoxicillin_tablets_given' THEN 'amoxicillin'
           WHEN 'ors_supply' THEN 'ors'
           WHEN 'ors_sachets_given' THEN 'ors'
           WHEN 'zinc_supply' THEN 'zinc'
           WHEN 'zinc_tablets_given' THEN 'zinc'
           WHEN 'paracetamol_supply' THEN 'paracetamol'
           WHEN 'paracetamol_tablets_given' THEN 'paracetamol'
           WHEN 'albendazole_supply' THEN 'albendazole'
           WHEN 'albendazole_tablets_given' THEN 'albendazole'
         END AS medicine
  FROM fresh f
  LEFT JOIN observation o
    ON o.unit = f.unit AND o.event = f.source AND (o.person IS NULL OR o.person = f.person)
  WHERE f.person IS NOT NULL
)
SELECT unit, household, occurred_day, person, id, medicine, MAX(code), MAX(number)
FROM told
WHERE medicine IS NOT NULL
GROUP BY unit, household, occurred_day, person, id, medicine
HAVING MAX(code) IS NOT NULL
