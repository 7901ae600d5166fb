-- departure: what was told of each member who left or died, and the supervisor's latest word on it.
--
-- The day, the place and the cause are those that were told, whatever a later correction says in their place.
-- A review speaks of one statement: what is told anew afterwards waits for her again.
--
-- Source: national practice, a supervisor approves every exit and reviews every death.
-- writes: departure
-- facts: person.left person.died departure.reviewed
-- since: start
WITH reviewed AS (
  SELECT f.unit, f.household, f.target, f.id, f.occurred_at, f.occurred_day, f.stamp,
         MAX(CASE WHEN o.concept = 'departure_verdict' THEN o.code END) AS verdict,
         MAX(CASE WHEN o.concept = 'answer_reason' THEN o.text END) AS answer
  FROM fact f
  LEFT JOIN observation o ON o.unit = f.unit AND o.event = f.source
  WHERE f.kind = 'departure.reviewed'
  GROUP BY f.unit, f.household, f.target, f.id, f.occurred_at, f.occurred_day, f.stamp
),
ranked AS (
  SELECT reviewed.*,
         ROW_NUMBER() OVER (PARTITION BY unit, household, target ORDER BY stamp DESC, id DESC) AS place
  FROM reviewed
  WHERE verdict IS NOT NULL
),
told AS (
  SELECT f.unit, f.household, f.person, f.id, f.kind, f.occurred_day, f.recorded_at, f.author,
         MAX(CASE WHEN o.concept = 'departed_day' THEN CAST(FLOOR(o.number) AS INTEGER) END) AS day,
         MAX(CASE WHEN o.concept = 'departed_precision' THEN o.code END) AS certain,
         MAX(CASE WHEN o.concept = 'state_reason' THEN o.code END) AS reason,
         MAX(CASE WHEN o.concept = 'moved_to' THEN o.code END) AS moved_to,
         MAX(CASE WHEN o.concept = 'moved_place' THEN o.text END) AS moved_place,
         MAX(CASE WHEN o.concept = 'death_place' THEN o.code END) AS death_place,
         MAX(CASE WHEN o.concept = 'death_cause' THEN o.code END) AS cause,
         MAX(CASE WHEN o.concept = 'death_cause_told' THEN o.text END) AS cause_told,
         MAX(CASE WHEN o.concept = 'death_class' THEN o.code END) AS class,
         MAX(CASE WHEN o.concept = 'maternal_death' THEN CAST(FLOOR(o.number) AS INTEGER) END) AS maternal
  FROM fact f
  LEFT JOIN observation o ON o.unit = f.unit AND o.event = f.source
  WHERE f.kind IN ('person.left', 'person.died') AND f.person IS NOT NULL
  GROUP BY f.unit, f.household, f.person, f.id, f.kind, f.occurred_day, f.recorded_at, f.author
)
SELECT t.unit, t.household, t.person, t.id,
       CASE t.kind WHEN 'person.died' THEN 'died' ELSE 'left' END,
       COALESCE(t.day, t.occurred_day), t.certain, t.reason, t.moved_to, t.moved_place, t.death_place, t.cause,
       t.cause_told, t.class, COALESCE(t.maternal, 0), t.recorded_at, t.author,
       COALESCE(r.verdict, 'waiting'), r.occurred_at, r.occurred_day, r.answer
FROM told t
LEFT JOIN ranked r ON r.unit = t.unit AND r.household = t.household AND r.target = t.id AND r.place = 1
