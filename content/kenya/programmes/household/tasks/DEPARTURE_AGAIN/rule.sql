-- DEPARTURE_AGAIN: the supervisor sent back what was told of a member who left or died.
--
-- It is to be looked into within :departure_again_days, and stands for :departure_again_open_days at most. It is
-- done when something is told of the person anew.
--
-- Source: national practice, a supervisor approves every exit and reviews every death; the days are Hodi's design.
-- from: departure
SELECT d.unit, d.household, d.person, d.departure AS episode,
       d.verdict_day AS opens_day,
       d.verdict_day AS due_day,
       d.verdict_day + :departure_again_days + 1 AS overdue_day,
       d.verdict_day + :departure_again_open_days AS closes_day,
       (SELECT MIN(CASE WHEN n.day > d.verdict_day THEN n.day ELSE d.verdict_day END) FROM departure n
        WHERE n.unit = d.unit AND n.household = d.household AND n.person = d.person AND n.told_at > d.verdict_at)
         AS done_day,
       d.kind AS detail,
       d.verdict_day + :departure_again_open_days + 1 AS until_day
FROM departure d
WHERE d.verdict = 'sent_back' AND d.verdict_day + :departure_again_open_days >= :today
