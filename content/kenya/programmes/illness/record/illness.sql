-- illness: one row per assessment of a member's symptoms, those that are absent included.
--
-- Source: national CHP form and WHO's integrated management of childhood illness.
--   fever            told, or :fever_c and more in the armpit (:fever_young_c below two months).
--   fast breathing   stated, or breaths per minute from :fast_breathing_young below two months, _infant below 12 months,
--                    _child below five years, _older above.
--   onset            the day of the assessment less the days told.
--   danger           any danger sign of the child forms; at any age diarrhoea or fever that lasts;
--                    below two months also fast breathing, fever, or a cold body.
--
-- facts: assessment.recorded
-- reads: person
-- since: day
-- sizes: 900000 12000 12 2 1 1

-- One assessment of a member's symptoms.
CREATE TABLE illness (
  unit           BIGINT  NOT NULL,  -- community health unit
  household      BIGINT  NOT NULL,  -- household
  day            INTEGER NOT NULL,  -- day of the assessment
  person         BIGINT  NOT NULL,  -- the member
  event          BIGINT  NOT NULL,  -- the event that states it
  cough          INTEGER NOT NULL,  -- 1 = cough
  cough_day      INTEGER,           -- its onset
  fast_breathing INTEGER NOT NULL,  -- 1 = breaths per minute above the limit for age
  fever          INTEGER NOT NULL,  -- 1 = fever told or measured
  fever_day      INTEGER,           -- its onset
  diarrhoea      INTEGER NOT NULL,  -- 1 = diarrhoea
  diarrhoea_day  INTEGER,           -- its onset
  danger         INTEGER NOT NULL,  -- 1 = any danger sign
  PRIMARY KEY (unit, household, day, person, event)
) /* sqlite: WITHOUT ROWID */;

WITH asked AS (
  SELECT f.unit, f.household, f.occurred_day AS day, f.person, f.id AS event,
         -- Whose day of birth is not known is taken for an adult: the strictest limit cannot be guessed.
         CASE WHEN f.occurred_day >= p.birth_day THEN f.occurred_day - p.birth_day END AS age_days,
         MAX(CASE WHEN o.concept = 'cough' THEN o.number END) AS cough,
         MAX(CASE WHEN o.concept = 'cough_days' THEN CAST(FLOOR(o.number) AS INTEGER) END) AS cough_days,
         MAX(CASE WHEN o.concept = 'breaths_per_min' THEN o.number END) AS breaths_per_min,
         MAX(CASE WHEN o.concept = 'fast_breathing' THEN o.number END) AS fast_breathing,
         MAX(CASE WHEN o.concept = 'fever' THEN o.number END) AS fever,
         MAX(CASE WHEN o.concept = 'fever_days' THEN CAST(FLOOR(o.number) AS INTEGER) END) AS fever_days,
         MAX(CASE WHEN o.concept = 'temperature_c' THEN o.number END) AS temperature_c,
         MAX(CASE WHEN o.concept = 'diarrhoea' THEN o.number END) AS diarrhoea,
         MAX(CASE WHEN o.concept = 'diarrhoea_days' THEN CAST(FLOOR(o.number) AS INTEGER) END) AS diarrhoea_days,
         MAX(CASE
               WHEN o.number = 1 AND o.concept IN (
                 'danger_sign', 'convulsions', 'very_sleepy', 'cannot_drink', 'vomits_everything',
                 'chest_indrawing', 'not_feeding', 'no_movement', 'yellow_soles', 'cord_infected', 'local_infection', 'blood_in_stool'
               ) THEN 1
               ELSE 0
             END) AS danger,
         COUNT(o.concept) AS answers
  FROM fresh f
  LEFT JOIN person p ON p.unit = f.unit AND p.household = f.household AND p.person = f.person
  LEFT JOIN observation o
    ON o.unit = f.unit AND o.event = f.source AND (o.person IS NULL OR o.person = f.person)
   AND o.concept IN (
     'cough', 'cough_days', 'breaths_per_min', 'fast_breathing', 'fever', 'fever_days', 'temperature_c',
     'diarrhoea', 'diarrhoea_days', 'danger_sign', 'convulsions', 'very_sleepy', 'cannot_drink',
     'vomits_everything', 'chest_indrawing', 'not_feeding', 'no_movement', 'yellow_soles', 'cord_infected', 'local_infection',
     'blood_in_stool'
   )
  WHERE f.person IS NOT NULL
  GROUP BY f.unit, f.household, f.occurred_day, f.person, f.id, p.birth_day
),
judged AS (
  SELECT asked.*,
         CASE
           WHEN fast_breathing = 1 THEN 1
           WHEN breaths_per_min >= CASE
             WHEN age_days < :young_infant_days THEN :fast_breathing_young
             WHEN age_days < :infant_days THEN :fast_breathing_infant
             WHEN age_days <= :under_five_days THEN :fast_breathing_child
             ELSE :fast_breathing_older
           END THEN 1
           ELSE 0
         END AS fast,
         CASE
           WHEN fever = 1 THEN 1
           WHEN temperature_c >= CASE WHEN age_days < :young_infant_days THEN :fever_young_c ELSE :fever_c END THEN 1
           ELSE 0
         END AS feverish
  FROM asked
)
SELECT unit, household, day, person, event,
       CASE WHEN cough = 1 THEN 1 ELSE 0 END,
       CASE WHEN cough = 1 THEN day - cough_days END,
       fast,
       feverish,
       CASE WHEN feverish = 1 THEN day - fever_days END,
       CASE WHEN diarrhoea = 1 THEN 1 ELSE 0 END,
       CASE WHEN diarrhoea = 1 THEN day - diarrhoea_days END,
       CASE
         WHEN danger = 1 THEN 1
         WHEN diarrhoea = 1 AND diarrhoea_days >= :diarrhoea_lasting_days THEN 1
         WHEN feverish = 1 AND fever_days >= :fever_lasting_days THEN 1
         WHEN age_days < :young_infant_days
           AND (fast = 1 OR temperature_c >= :fever_young_c OR temperature_c < :cold_young_c) THEN 1
         ELSE 0
       END
FROM judged
WHERE answers > 0
