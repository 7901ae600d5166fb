-- UNDER_FIVES_ASSESSED: of the children under five who live here, those who were assessed in the month, for
-- illness or for growth. Who is under five on the month's last day counts; as long as the month goes on, who
-- is so today.
--
-- Source: national routing (each child under five is assessed at the monthly visit).
-- from: household
WITH child AS (
  SELECT p.unit, p.household, p.person, m.month,
         (SELECT MAX(i.day) FROM illness i
          WHERE i.unit = p.unit AND i.household = p.household AND i.day >= m.first_day AND i.day <= m.last_day
            AND i.person = p.person) AS illness_day,
         (SELECT MAX(g.day) FROM growth g
          WHERE g.unit = p.unit AND g.household = p.household AND g.day >= m.first_day AND g.day <= m.last_day
            AND g.person = p.person) AS growth_day,
         CASE WHEN p.birth_day + :under_five_days <= m.last_day THEN p.birth_day + :under_five_days END AS until_day
  FROM household h
  CROSS JOIN asked_month m
  LEFT JOIN person p ON p.unit = h.unit AND p.household = h.household
  WHERE COALESCE(p.state, '') = 'here'
    AND p.birth_day + :under_five_days > CASE WHEN m.last_day < :today THEN m.last_day ELSE :today END
)
SELECT unit, household, person, month,
       CASE WHEN illness_day IS NULL AND growth_day IS NULL THEN 0 ELSE 1 END AS numerator,
       1 AS denominator,
       CASE WHEN COALESCE(growth_day, illness_day) > COALESCE(illness_day, growth_day) THEN growth_day
            ELSE COALESCE(illness_day, growth_day) END AS day,
       until_day AS until_day
FROM child
