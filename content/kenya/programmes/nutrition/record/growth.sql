-- growth: one row per measurement of a child under five, with WHO z-scores.
--
-- Source: WHO Child Growth Standards, Methods and development, 2006 (weight, length, height) and 2007
-- (arm circumference); colours after the national CHP form and WHO's guideline on wasting, 2023.
--
--   age      whole days from birth to the measurement; under five = at most 1826 days (60 months).
--   length   below 731 days children are measured lying, from then on standing. Standing below that age
--            adds 0.7 cm, lying from that age on takes 0.7 cm off. "Standing" below nine months
--            (274 days) is taken for a slip of the pen: nothing is added.
--   z        ((y / M) ^ L − 1) / (L × S). Beyond three standard deviations the scores of weight and arm
--            circumference go on in steps of the last one: SD(k) = M × (1 + L × S × k) ^ (1 / L).
--            L, M and S are interpolated between the 0.1 cm steps of length and height.
--   oedema   on both feet: no score that rests on weight; the class is severe.
--   flags    waz below −6 or above 5, |lhaz| above 6, |wlhz| or |mfaz| above 5: measure again. A flagged
--            weight-for-length gives no colour.
--   colour   red: oedema, or a red arm or weight-for-length or -height; yellow likewise. The arm counts from six
--            months, or where the age is not known; below that weight-for-age counts where the day of birth is
--            known. `colour_from` names the measurement that gives the colour: of equals the arm.
--
-- Scores are rounded to two decimals, as WHO does, so that every engine draws the same line.
--
-- facts: assessment.recorded
-- reads: person
-- since: day
-- sizes: 600000 8000 8 1 1 1

-- One measurement of a child under five, with WHO z-scores (Child Growth Standards 2006, 2007).
CREATE TABLE growth (
  unit        BIGINT  NOT NULL,     -- community health unit
  household   BIGINT  NOT NULL,     -- household
  day         INTEGER NOT NULL,     -- day of the measurement
  person      BIGINT  NOT NULL,     -- the child
  event       BIGINT  NOT NULL,     -- the event that states it
  age_days    INTEGER,              -- age in whole days; NULL = day of birth not known
  approximate INTEGER NOT NULL,     -- 1 = day of birth is an estimate, age-based scores are approximate
  weight_kg   DOUBLE PRECISION,     -- weight
  length_cm   DOUBLE PRECISION,     -- length or height as measured
  position    TEXT,                 -- lying, standing
  muac_mm     DOUBLE PRECISION,     -- mid-upper arm circumference
  oedema      INTEGER NOT NULL,     -- 1 = both feet swollen
  waz         DOUBLE PRECISION,     -- weight-for-age z-score
  lhaz        DOUBLE PRECISION,     -- length- or height-for-age z-score
  wlhz        DOUBLE PRECISION,     -- weight-for-length or -height z-score
  mfaz        DOUBLE PRECISION,     -- MUAC-for-age z-score
  implausible INTEGER NOT NULL,     -- 1 = some score lies outside WHO's flag limits: measure again
  colour      TEXT,                 -- red, yellow, green: the nutrition class
  colour_from   TEXT,              -- which measurement gives it: oedema, muac, wlhz, waz
  PRIMARY KEY (unit, household, day, person, event)
) /* sqlite: WITHOUT ROWID */;

WITH measured AS (
  SELECT f.unit, f.household, f.occurred_day AS day, f.person, f.id AS event,
         CASE WHEN f.occurred_day >= p.birth_day THEN f.occurred_day - p.birth_day END AS age_days,
         COALESCE(p.sex, '') AS sex,
         COALESCE(p.birth_estimated, 0) AS approximate,
         MAX(CASE WHEN o.concept = 'weight_kg' THEN o.number END) AS weight_kg,
         MAX(CASE WHEN o.concept = 'length_cm' THEN o.number END) AS length_cm,
         MAX(CASE WHEN o.concept = 'measured_position' THEN o.code END) AS position,
         MAX(CASE WHEN o.concept = 'muac_mm' THEN o.number END) AS muac_mm,
         MAX(CASE WHEN o.concept = 'oedema' AND o.number = 1 THEN 1 ELSE 0 END) AS oedema,
         MAX(CASE WHEN o.concept = 'muac_colour' THEN o.code END) AS muac_colour
  FROM fresh f
  LEFT JOIN person p ON p.unit = f.unit AND p.household = f.household AND p.person = f.person
  LEFT JOIN observation o
    ON o.unit = f.unit AND o.event = f.source AND (o.person IS NULL OR o.person = f.person)
   AND o.concept IN ('weight_kg', 'length_cm', 'measured_position', 'muac_mm', 'muac_colour', 'oedema')
  WHERE f.person IS NOT NULL
    AND (p.birth_day IS NULL OR f.occurred_day - p.birth_day <= :under_five_days)
  GROUP BY f.unit, f.household, f.occurred_day, f.person, f.id, p.birth_day, p.sex, p.birth_estimated
),
adjusted AS (
  SELECT measured.*,
         CASE
           WHEN age_days < :length_below_days AND age_days >= :standing_from_days AND position = 'standing'
             THEN length_cm + :lying_standing_cm
           WHEN age_days >= :length_below_days AND position = 'lying' THEN length_cm - :lying_standing_cm
           WHEN age_days IS NOT NULL THEN length_cm
         END AS stature_cm
  FROM measured
  WHERE weight_kg IS NOT NULL OR length_cm IS NOT NULL OR muac_mm IS NOT NULL OR muac_colour IS NOT NULL
     OR oedema = 1
),
score AS (
  SELECT 'waz' AS name, 1 AS restricted
  UNION ALL SELECT 'lhaz', 0
  UNION ALL SELECT 'wlhz', 1
  UNION ALL SELECT 'mfaz', 1
),
-- What is scored (y), in which table, where on its axis, and how far to the next step.
reading AS (
  SELECT a.*, c.name, c.restricted,
         CASE c.name
           WHEN 'waz' THEN CASE a.oedema WHEN 0 THEN a.weight_kg END
           WHEN 'lhaz' THEN a.stature_cm
           WHEN 'wlhz' THEN CASE a.oedema WHEN 0 THEN a.weight_kg END
           ELSE a.muac_mm / 10.0
         END AS y,
         CASE c.name
           WHEN 'waz' THEN 'weight_for_age'
           WHEN 'lhaz' THEN 'length_height_for_age'
           WHEN 'mfaz' THEN 'muac_for_age'
           ELSE CASE WHEN a.age_days < :length_below_days THEN 'weight_for_length' ELSE 'weight_for_height' END
         END AS measure,
         CASE
           WHEN c.name = 'wlhz' THEN CAST(FLOOR(a.stature_cm * 10 + 0.000001) AS INTEGER)
           ELSE a.age_days
         END AS axis,
         CASE
           WHEN c.name = 'wlhz' AND a.stature_cm * 10 - FLOOR(a.stature_cm * 10 + 0.000001) > 0.000001
             THEN a.stature_cm * 10 - FLOOR(a.stature_cm * 10 + 0.000001)
           ELSE 0
         END AS part
  FROM adjusted a
  CROSS JOIN score c
),
placed AS (
  SELECT r.*,
         g.l + r.part * (COALESCE(h.l, g.l) - g.l) AS l,
         g.m + r.part * (COALESCE(h.m, g.m) - g.m) AS m,
         g.s + r.part * (COALESCE(h.s, g.s) - g.s) AS s
  FROM reading r
  LEFT JOIN growth_reference g
    ON g.measure = r.measure AND g.sex = r.sex AND g.axis = r.axis AND r.y > 0
  LEFT JOIN growth_reference h
    ON h.measure = r.measure AND h.sex = r.sex AND h.axis = r.axis + 1 AND r.part > 0
  WHERE r.part = 0 OR h.axis IS NOT NULL OR g.axis IS NULL
),
straight AS (
  SELECT placed.*, (power(y / m, l) - 1) / (l * s) AS straight_z FROM placed
),
scored AS (
  SELECT straight.*,
         FLOOR(100 * (
           CASE
             WHEN restricted = 1 AND straight_z > 3 THEN
               3 + (y - m * power(1 + 3 * l * s, 1 / l))
                   / (m * power(1 + 3 * l * s, 1 / l) - m * power(1 + 2 * l * s, 1 / l))
             WHEN restricted = 1 AND straight_z < -3 THEN
               -3 + (y - m * power(1 - 3 * l * s, 1 / l))
                    / (m * power(1 - 2 * l * s, 1 / l) - m * power(1 - 3 * l * s, 1 / l))
             ELSE straight_z
           END
         ) + 0.5) / 100 AS z
  FROM straight
),
gathered AS (
  SELECT unit, household, day, person, event, age_days, approximate, weight_kg, length_cm, position, muac_mm,
         oedema, muac_colour,
         MAX(CASE WHEN name = 'waz' THEN z END) AS waz,
         MAX(CASE WHEN name = 'lhaz' THEN z END) AS lhaz,
         MAX(CASE WHEN name = 'wlhz' THEN z END) AS wlhz,
         MAX(CASE WHEN name = 'mfaz' THEN z END) AS mfaz
  FROM scored
  GROUP BY unit, household, day, person, event, age_days, approximate, weight_kg, length_cm, position, muac_mm,
           oedema, muac_colour
),
-- Each measurement with its own colour, where it has one.
judged AS (
  SELECT gathered.*,
         CASE
           WHEN waz < -:score_flag_waz_low OR waz > :score_flag_waz_high THEN 1
           WHEN lhaz < -:score_flag_lhaz OR lhaz > :score_flag_lhaz THEN 1
           WHEN wlhz < -:score_flag_wlhz OR wlhz > :score_flag_wlhz THEN 1
           WHEN mfaz < -:score_flag_mfaz OR mfaz > :score_flag_mfaz THEN 1
           ELSE 0
         END AS implausible,
         CASE
           WHEN COALESCE(age_days, :muac_from_days) < :muac_from_days THEN NULL
           WHEN muac_mm < :muac_red_mm OR (muac_mm IS NULL AND muac_colour = 'red') THEN 1
           WHEN muac_mm < :muac_yellow_mm OR (muac_mm IS NULL AND muac_colour = 'yellow') THEN 2
           WHEN muac_mm >= :muac_yellow_mm OR muac_colour = 'green' THEN 3
         END AS by_muac,
         CASE
           WHEN wlhz < -:score_flag_wlhz OR wlhz > :score_flag_wlhz THEN NULL
           WHEN wlhz < :wlhz_red THEN 1
           WHEN wlhz < :wlhz_yellow THEN 2
           WHEN wlhz IS NOT NULL THEN 3
         END AS by_wlhz,
         CASE
           WHEN COALESCE(age_days, :muac_from_days) >= :muac_from_days OR approximate = 1 THEN NULL
           WHEN waz < -:score_flag_waz_low OR waz > :score_flag_waz_high THEN NULL
           WHEN waz < :waz_red THEN 1
           WHEN waz < :waz_yellow THEN 2
           WHEN waz IS NOT NULL THEN 3
         END AS by_waz
  FROM gathered
),
worst AS (
  SELECT judged.*,
         CASE
           WHEN oedema = 1 THEN 0
           WHEN by_muac = 1 OR by_wlhz = 1 OR by_waz = 1 THEN 1
           WHEN by_muac = 2 OR by_wlhz = 2 OR by_waz = 2 THEN 2
           ELSE COALESCE(by_muac, by_wlhz, by_waz)
         END AS grade
  FROM judged
)
SELECT unit, household, day, person, event, age_days, approximate, weight_kg, length_cm, position, muac_mm, oedema,
       waz, lhaz, wlhz, mfaz, implausible,
       CASE WHEN grade <= 1 THEN 'red' WHEN grade = 2 THEN 'yellow' WHEN grade = 3 THEN 'green' END,
       CASE
         WHEN grade = 0 THEN 'oedema'
         WHEN by_muac = grade THEN 'muac'
         WHEN by_wlhz = grade THEN 'wlhz'
         WHEN by_waz = grade THEN 'waz'
       END
FROM worst
