-- REFERRALS_ARRIVED: of the referrals made in the month and not called off, those that reached a facility or
-- were seen there, whenever that was.
--
-- Source: closed-loop referral, national referral form MOH 100.
-- from: household
WITH made AS (
  SELECT r.unit, r.household, r.person, r.class, r.made_day, m.month,
         CASE WHEN r.arrived_at IS NULL THEN r.seen_at ELSE r.arrived_at END AS reached_at, r.made_at
  FROM household h
  CROSS JOIN asked_month m
  LEFT JOIN referral r ON r.unit = h.unit AND r.household = h.household
    AND r.made_day >= m.first_day AND r.made_day <= m.last_day
  WHERE COALESCE(r.state, 'cancelled') <> 'cancelled'
)
SELECT unit, household, person, month,
       CASE WHEN reached_at IS NULL THEN 0 ELSE 1 END AS numerator,
       1 AS denominator,
       CASE WHEN reached_at > made_at THEN made_day + CAST(FLOOR((reached_at - made_at) / 86400000) AS INTEGER)
            WHEN reached_at IS NOT NULL THEN made_day END AS day,
       made_day AS from_day,
       class AS class
FROM made
