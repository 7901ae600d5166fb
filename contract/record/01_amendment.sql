-- amendment: what later corrections and retractions did to earlier events.
--
-- A correction names the original event as its target, however often it is corrected; of several the
-- one with the latest stamp counts. A retraction of the original removes it, whatever else was said of
-- it. A retraction of a correction, or of a retraction, takes only that one back.
--
-- `stated` holds the events as they were stated. All later steps read `fact` or `fresh`, in which
-- amendments have been carried out: `source` names the event whose values count.
--
-- writes: amendment
-- facts: event.corrected event.retracted
-- since: start
WITH standing AS (
  SELECT s.unit, s.household, s.target, s.kind, s.id, s.stamp,
         ROW_NUMBER() OVER (
           PARTITION BY s.unit, s.household, s.target
           ORDER BY CASE s.kind WHEN 'event.retracted' THEN 0 ELSE 1 END, s.stamp DESC, s.id DESC
         ) AS place
  FROM stated s
  WHERE NOT EXISTS (
    SELECT 1 FROM stated r
    WHERE r.unit = s.unit AND r.household = s.household AND r.target = s.id AND r.kind = 'event.retracted'
  )
)
SELECT unit, household, target, CASE kind WHEN 'event.corrected' THEN id END, stamp
FROM standing
WHERE place = 1
