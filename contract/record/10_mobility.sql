-- mobility: one row per check of how an older or disabled person moves.
--
-- Source: walking level of the Washington Group's short set (1 no difficulty … 4 cannot); five chair
-- rises of WHO's Integrated Care for Older People.
--
-- writes: mobility
-- facts: assessment.recorded
-- since: day
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
