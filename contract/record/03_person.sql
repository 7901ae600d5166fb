-- person: each member of a household as described now.
--
-- Attributes as for households: the latest statement (by stamp) of each is believed. A member is here
-- from the registration on, until it is said that he or she left or died; registering again brings
-- back who had left. A death stands until it is retracted. What the supervisor sent back does not count. It
-- holds from the day that was told on.
--
-- Of who does not agree, or agrees no more, that information is kept, only names, sex, day of birth and
-- relationship stay.
--
-- Source: personal fields of the national household register.
-- writes: person
-- facts: person.registered person.described person.left person.died departure.reviewed
-- since: start
WITH reviewed AS (
  SELECT f.unit, f.household, f.target, o.code AS verdict,
         ROW_NUMBER() OVER (PARTITION BY f.unit, f.household, f.target ORDER BY f.stamp DESC, f.id DESC) AS place
  FROM fact f
  LEFT JOIN observation o ON o.unit = f.unit AND o.event = f.source AND o.concept = 'departure_verdict'
  WHERE f.kind = 'departure.reviewed'
),
said AS (
  SELECT f.unit, f.household, f.person, f.id, f.kind, f.occurred_day, f.stamp,
         o.ordinal, o.concept, o.number, o.code, o.text
  FROM fact f
  LEFT JOIN observation o
    ON o.unit = f.unit AND o.event = f.source AND (o.person IS NULL OR o.person = f.person)
  WHERE f.kind IN ('person.registered', 'person.described')
  UNION ALL
  SELECT f.unit, f.household, f.person, f.id, f.kind, COALESCE(CAST(FLOOR(d.number) AS INTEGER), f.occurred_day), f.stamp,
         0, 'state', NULL,
         CASE f.kind WHEN 'person.died' THEN 'died' WHEN 'person.left' THEN 'left' ELSE 'here' END, NULL
  FROM fact f
  LEFT JOIN observation d ON d.unit = f.unit AND d.event = f.source AND d.concept = 'departed_day'
  LEFT JOIN reviewed v ON v.unit = f.unit AND v.household = f.household AND v.target = f.id AND v.place = 1
  WHERE f.kind IN ('person.registered', 'person.left', 'person.died') AND COALESCE(v.verdict, '') <> 'sent_back'
),
ranked AS (
  SELECT said.*,
         ROW_NUMBER() OVER (
           PARTITION BY unit, household, person, concept
           ORDER BY CASE kind WHEN 'person.died' THEN 0 ELSE 1 END, stamp DESC, id DESC, ordinal DESC
         ) AS place
  FROM said
),
described AS (
  SELECT unit, household, person,
         MAX(CASE WHEN concept = 'given_name' AND place = 1 THEN text END) AS given_name,
         MAX(CASE WHEN concept = 'middle_name' AND place = 1 THEN text END) AS middle_name,
         MAX(CASE WHEN concept = 'family_name' AND place = 1 THEN text END) AS family_name,
         MAX(CASE WHEN concept = 'sex' AND place = 1 THEN code END) AS sex,
         MAX(CASE WHEN concept = 'birth_day' AND place = 1 THEN CAST(FLOOR(number) AS INTEGER) END) AS birth_day,
         COALESCE(MAX(CASE WHEN concept = 'birth_estimated' AND place = 1 THEN CAST(FLOOR(number) AS INTEGER) END), 0) AS birth_estimated,
         MAX(CASE WHEN concept = 'relationship' AND place = 1 THEN code END) AS relationship,
         MAX(CASE WHEN concept = 'person_phone' AND place = 1 THEN text END) AS phone,
         MAX(CASE WHEN concept = 'disability' AND place = 1 THEN CAST(FLOOR(number) AS INTEGER) END) AS disability,
         MIN(CASE WHEN kind = 'person.registered' THEN occurred_day END) AS registered_day,
         MAX(CASE WHEN concept = 'state' AND place = 1 THEN code END) AS state,
         MAX(CASE WHEN concept = 'state' AND place = 1 THEN occurred_day END) AS state_day,
         MAX(CASE WHEN concept = 'consent' AND place = 1 AND code IN ('refused', 'withdrawn') THEN occurred_day END) AS refused_day
  FROM ranked
  GROUP BY unit, household, person
  HAVING COUNT(CASE WHEN kind = 'person.registered' THEN 1 END) > 0
)
SELECT unit, household, person, given_name, middle_name, family_name, sex, birth_day, birth_estimated, relationship,
       CASE WHEN refused_day IS NULL THEN phone END,
       CASE WHEN refused_day IS NULL THEN disability END,
       registered_day, state, state_day, refused_day
FROM described
