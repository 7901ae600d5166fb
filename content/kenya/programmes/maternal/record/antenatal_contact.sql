-- antenatal_contact: what each antenatal check by a promoter found.
--
-- A check is known by what it states: clinic contacts, an appointment, or a sign that is only asked of
-- pregnant women. Danger signs are those of the national CHP form; raised blood pressure counts
-- as one (WHO; threshold to be confirmed by a clinician).
--
-- facts: assessment.recorded
-- since: day
-- sizes: 75000 1000 2 1 1 1

-- What one antenatal check found: the clinic contacts a woman had had by then, as told or read in her handbook.
CREATE TABLE antenatal_contact (
  unit          BIGINT  NOT NULL,  -- community health unit
  household     BIGINT  NOT NULL,  -- household
  day           INTEGER NOT NULL,  -- day on which she was asked
  person        BIGINT  NOT NULL,  -- the woman
  event         BIGINT  NOT NULL,  -- the event that states it
  contact_day   INTEGER,           -- day of her latest contact at the clinic; NULL = none, or not known when
  contacts_told INTEGER,           -- how many contacts she has had, as told
  next_day      INTEGER,           -- appointment given at the clinic
  edd_day       INTEGER,           -- expected day of delivery, where the check states it anew
  edd_source    TEXT,              -- period, handbook, ultrasound
  danger        INTEGER NOT NULL,  -- 1 = a danger sign or raised blood pressure in the same event
  PRIMARY KEY (unit, household, day, person, event)
) /* sqlite: WITHOUT ROWID */;

WITH checked AS (
  SELECT f.unit, f.household, f.occurred_day, f.person, f.id,
         MAX(CASE WHEN o.concept = 'antenatal_contact_day' THEN CAST(FLOOR(o.number) AS INTEGER) END) AS contact_day,
         MAX(CASE WHEN o.concept = 'antenatal_contacts_told' THEN CAST(FLOOR(o.number) AS INTEGER) END) AS contacts_told,
         MAX(CASE WHEN o.concept = 'antenatal_next_day' THEN CAST(FLOOR(o.number) AS INTEGER) END) AS next_day,
         MAX(CASE WHEN o.concept = 'edd_day' THEN CAST(FLOOR(o.number) AS INTEGER) END) AS edd_day,
         MAX(CASE WHEN o.concept = 'edd_source' THEN o.code END) AS edd_source,
         MAX(CASE
               WHEN o.concept = 'bp_systolic_mmhg' AND o.number >= :bp_systolic_raised_mmhg THEN 1
               WHEN o.concept = 'bp_diastolic_mmhg' AND o.number >= :bp_diastolic_raised_mmhg THEN 1
               WHEN o.concept IN (
                 'vaginal_bleeding', 'convulsions', 'severe_headache', 'blurred_vision', 'abdominal_pain',
                 'very_pale', 'fever', 'less_movement', 'waters_broke', 'swollen_face_hands', 'breathless',
                 'danger_sign'
               ) AND o.number = 1 THEN 1
               ELSE 0
             END) AS danger,
         COUNT(CASE
                 WHEN o.concept IN (
                   'antenatal_contact_day', 'antenatal_contacts_told', 'antenatal_next_day', 'edd_day',
                   'less_movement', 'waters_broke', 'iron_folate', 'birth_plan', 'tetanus_doses'
                 ) THEN 1
               END) AS antenatal
  FROM fresh f
  LEFT JOIN observation o
    ON o.unit = f.unit AND o.event = f.source AND (o.person IS NULL OR o.person = f.person)
   AND o.concept IN (
     'antenatal_contact_day', 'antenatal_contacts_told', 'antenatal_next_day', 'edd_day', 'edd_source',
     'iron_folate', 'birth_plan', 'tetanus_doses', 'bp_systolic_mmhg', 'bp_diastolic_mmhg', 'vaginal_bleeding',
     'convulsions', 'severe_headache', 'blurred_vision', 'abdominal_pain', 'very_pale', 'fever', 'less_movement',
     'waters_broke', 'swollen_face_hands', 'breathless', 'danger_sign'
   )
  WHERE f.person IS NOT NULL
  GROUP BY f.unit, f.household, f.occurred_day, f.person, f.id
)
SELECT unit, household, occurred_day, person, id, contact_day, contacts_told, next_day, edd_day, edd_source, danger
FROM checked
WHERE antenatal > 0
