-- visit: one row per call at a household.
--
-- writes: visit
-- facts: visit.made
-- since: day
SELECT f.unit, f.household, f.occurred_day, f.id, f.area, f.author, f.occurred_at,
       COALESCE(MAX(o.code), 'done')
FROM fresh f
LEFT JOIN observation o ON o.unit = f.unit AND o.event = f.source AND o.concept = 'visit_outcome'
GROUP BY f.unit, f.household, f.occurred_day, f.id, f.area, f.author, f.occurred_at
