-- LARVAE_AGAIN: larvae at the last inspection of a house and at the one before it, within :larvae_span_days.
--
-- `number_1` and `number_2` are the containers with larvae, then and now.
--
-- Source: our own design for the example.
-- from: finding
-- days: :larvae_span_days
WITH looked AS (
  SELECT f.unit, f.household, f.day, f.number, f.event,
         LAG(f.day) OVER w AS day_before,
         LAG(f.number) OVER w AS number_before,
         LAG(f.event) OVER w AS event_before,
         ROW_NUMBER() OVER (PARTITION BY f.unit, f.household ORDER BY f.day DESC, f.event DESC) AS latest
  FROM finding f
  WHERE f.concept = 'containers_larvae' AND f.person = 0
  WINDOW w AS (PARTITION BY f.unit, f.household ORDER BY f.day, f.event)
)
SELECT unit, household, 0 AS person, day_before AS episode, 'routine' AS class,
       day_before AS first_day, day AS last_day,
       event_before AS first_event, event AS last_event,
       'again' AS detail, number_before AS number_1, number AS number_2, 0 AS escalated,
       day_before + :larvae_span_days AS until_day
FROM looked
WHERE latest = 1 AND number > 0 AND number_before > 0 AND day_before > :today - :larvae_span_days
