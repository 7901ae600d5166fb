-- TREAT_FOLLOW_UP: see again whoever was treated at home, on the third day.
--
-- Whoever was given a medicine against malaria, pneumonia or diarrhoea is seen :treat_follow_due_days later,
-- from the day before on; late from :treat_follow_late_days after that. Any later assessment of the person, from
-- the day on which the window opens, is the follow-up.
--
-- Source: windows of the national community health system (treated with ACT, amoxicillin or zinc and ORS: third
-- day, one day early, seven days late); how long the window stays open is Hodi's design.
-- from: treatment
-- days: :treat_follow_past_days
WITH treated AS (
  SELECT t.unit, t.household, t.person, t.event, t.day, MIN(t.medicine) AS medicine
  FROM treatment t
  WHERE t.supply = 'given' AND t.medicine IN ('act', 'amoxicillin', 'ors', 'zinc')
  GROUP BY t.unit, t.household, t.person, t.event, t.day
),
latest AS (
  SELECT treated.*,
         ROW_NUMBER() OVER (PARTITION BY unit, household, person ORDER BY day DESC, event DESC) AS place
  FROM treated
)
SELECT l.unit, l.household, l.person, l.event AS episode,
       l.day + :treat_follow_due_days - 1 AS opens_day,
       l.day + :treat_follow_due_days AS due_day,
       l.day + :treat_follow_due_days + :treat_follow_late_days + 1 AS overdue_day,
       l.day + :treat_follow_due_days + :treat_follow_open_days AS closes_day,
       (SELECT MIN(i.day) FROM illness i
        WHERE i.unit = l.unit AND i.household = l.household AND i.day >= l.day + :treat_follow_due_days - 1
          AND i.person = l.person) AS done_day,
       l.medicine AS detail,
       l.day + :treat_follow_past_days AS until_day
FROM latest l
LEFT JOIN person p ON p.unit = l.unit AND p.household = l.household AND p.person = l.person
WHERE l.place = 1 AND COALESCE(p.state, '') = 'here'
