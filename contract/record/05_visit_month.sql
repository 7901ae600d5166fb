-- visit_month: the visit status of each month, one row per household and month in which a visit was done.
--
-- Every household is to be visited at least once a month (national community health strategy); a call
-- that found nobody, or was refused, does not count.
--
-- writes: visit_month
-- reads: visit
-- since: month
SELECT s.unit, s.household, c.month, COUNT(*), MIN(v.day), MAX(v.day)
FROM scope s
LEFT JOIN visit v
  ON v.unit = s.unit AND v.household = s.household AND v.day >= s.since_day AND v.outcome = 'done'
LEFT JOIN calendar_month c
  ON c.first_day = (SELECT MAX(m.first_day) FROM calendar_month m WHERE m.first_day <= v.day)
 AND c.last_day >= v.day
GROUP BY s.unit, s.household, c.month
HAVING COUNT(c.month) > 0
