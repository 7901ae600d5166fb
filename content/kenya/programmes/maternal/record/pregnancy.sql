-- pregnancy: each pregnancy as an episode of its own.
--
-- The expected day of delivery is :pregnancy_days after the last period's first day; a day from an ultrasound
-- overrides one from the handbook, and that one the period (national CHP form). Antenatal checks belong
-- to a pregnancy from its first day until it ended, at the latest 44 weeks on, when a pregnancy is to be
-- closed or queried.
--
-- facts: pregnancy.registered pregnancy.ended
-- reads: antenatal_contact
-- since: start
-- sizes: 15000 200 1 1 1

-- A pregnancy, as an episode of its own.
CREATE TABLE pregnancy (
  unit             BIGINT  NOT NULL,  -- community health unit
  household        BIGINT  NOT NULL,  -- household
  person           BIGINT  NOT NULL,  -- the woman
  pregnancy        BIGINT  NOT NULL,  -- id of the pregnancy.registered event
  registered_day   INTEGER NOT NULL,  -- day on which it was registered
  lmp_day          INTEGER,           -- first day of the last period (counted back from the due day if only that is known)
  edd_day          INTEGER,           -- expected day of delivery
  edd_source       TEXT,              -- period, handbook, ultrasound
  ended_day        INTEGER,           -- day on which it ended; NULL = still pregnant
  outcome          TEXT,              -- live_birth, stillbirth, miscarriage, unknown
  contacts         INTEGER NOT NULL,  -- antenatal clinic contacts she has had in it: days known, or the number told if that is greater
  last_contact_day INTEGER,           -- day of the latest
  next_contact_day INTEGER,           -- appointment given at the clinic, if later than the last contact
  high_risk        INTEGER NOT NULL,  -- 1 = a danger sign or raised blood pressure was recorded in it
  PRIMARY KEY (unit, household, person, pregnancy)
) /* sqlite: WITHOUT ROWID */;

WITH said AS (
  SELECT f.unit, f.household, f.person, f.kind, f.occurred_day, o.concept, o.number, o.code,
         CASE f.kind WHEN 'pregnancy.ended' THEN f.target ELSE f.id END AS pregnancy,
         ROW_NUMBER() OVER (
           PARTITION BY f.unit, f.household, f.kind, CASE f.kind WHEN 'pregnancy.ended' THEN f.target ELSE f.id END,
                        o.concept
           ORDER BY f.stamp DESC, f.id DESC, o.ordinal DESC
         ) AS place
  FROM fact f
  LEFT JOIN observation o
    ON o.unit = f.unit AND o.event = f.source
   AND o.concept IN ('lmp_day', 'edd_day', 'edd_source', 'pregnancy_outcome')
),
episode AS (
  SELECT unit, household, pregnancy,
         MAX(CASE WHEN kind = 'pregnancy.registered' THEN person END) AS person,
         MIN(CASE WHEN kind = 'pregnancy.registered' THEN occurred_day END) AS registered_day,
         MAX(CASE WHEN concept = 'lmp_day' AND place = 1 THEN CAST(FLOOR(number) AS INTEGER) END) AS lmp_day,
         MAX(CASE WHEN concept = 'edd_day' AND place = 1 THEN CAST(FLOOR(number) AS INTEGER) END) AS edd_day,
         MAX(CASE WHEN concept = 'edd_source' AND place = 1 THEN code END) AS edd_source,
         MAX(CASE WHEN kind = 'pregnancy.ended' AND place = 1 THEN occurred_day END) AS ended_day,
         MAX(CASE WHEN concept = 'pregnancy_outcome' AND place = 1 THEN code END) AS outcome
  FROM said
  GROUP BY unit, household, pregnancy
  HAVING COUNT(CASE WHEN kind = 'pregnancy.registered' THEN 1 END) > 0
),
bounded AS (
  SELECT episode.*,
         COALESCE(lmp_day, edd_day - :pregnancy_days, registered_day - :pregnancy_days) AS first_day,
         COALESCE(ended_day, COALESCE(lmp_day, edd_day - :pregnancy_days, registered_day) + :pregnancy_longest_days) AS last_day
  FROM episode
),
checked AS (
  SELECT b.unit, b.household, b.person, b.pregnancy, b.registered_day, b.lmp_day, b.ended_day, b.outcome,
         b.edd_day, b.edd_source, c.contact_day, c.contacts_told, c.next_day, c.danger,
         c.edd_day AS checked_edd_day, c.edd_source AS checked_edd_source,
         CASE b.edd_source WHEN 'ultrasound' THEN 1 WHEN 'handbook' THEN 2 ELSE 3 END AS grade,
         CASE c.edd_source WHEN 'ultrasound' THEN 1 WHEN 'handbook' THEN 2 ELSE 3 END AS checked_grade,
         ROW_NUMBER() OVER (
           PARTITION BY b.unit, b.household, b.pregnancy
           ORDER BY CASE WHEN c.next_day IS NULL THEN 1 ELSE 0 END, COALESCE(c.day, 0) DESC, COALESCE(c.event, 0) DESC
         ) AS place_of_next,
         ROW_NUMBER() OVER (
           PARTITION BY b.unit, b.household, b.pregnancy
           ORDER BY CASE WHEN c.edd_day IS NULL THEN 1 ELSE 0 END,
                    CASE c.edd_source WHEN 'ultrasound' THEN 1 WHEN 'handbook' THEN 2 ELSE 3 END,
                    COALESCE(c.day, 0) DESC, COALESCE(c.event, 0) DESC
         ) AS place_of_edd
  FROM bounded b
  LEFT JOIN antenatal_contact c
    ON c.unit = b.unit AND c.household = b.household AND c.day >= b.first_day AND c.day <= b.last_day
   AND c.person = b.person
),
summed AS (
  SELECT unit, household, person, pregnancy, registered_day, lmp_day, edd_day, edd_source, ended_day, outcome,
         COUNT(DISTINCT contact_day) AS contacts_known,
         COALESCE(MAX(contacts_told), 0) AS contacts_told,
         MAX(contact_day) AS last_contact_day,
         MAX(CASE WHEN place_of_next = 1 THEN next_day END) AS next_day,
         MAX(CASE WHEN place_of_edd = 1 AND checked_grade <= grade THEN checked_edd_day END) AS better_edd_day,
         MAX(CASE WHEN place_of_edd = 1 AND checked_grade <= grade AND checked_edd_day IS NOT NULL
                  THEN checked_edd_source END) AS better_edd_source,
         COALESCE(MAX(danger), 0) AS high_risk
  FROM checked
  GROUP BY unit, household, person, pregnancy, registered_day, lmp_day, edd_day, edd_source, ended_day, outcome
)
SELECT unit, household, person, pregnancy, registered_day,
       COALESCE(lmp_day, COALESCE(better_edd_day, edd_day) - :pregnancy_days),
       COALESCE(better_edd_day, edd_day, lmp_day + :pregnancy_days),
       COALESCE(better_edd_source, edd_source),
       ended_day, outcome,
       CASE WHEN contacts_told > contacts_known THEN contacts_told ELSE contacts_known END,
       last_contact_day,
       CASE WHEN next_day > COALESCE(last_contact_day, registered_day - 1) THEN next_day END,
       high_risk
FROM summed
