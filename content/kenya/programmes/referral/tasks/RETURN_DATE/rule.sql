-- RETURN_DATE: a referred person is to come back to the facility.
--
-- From :return_before_days before the date on. Late when the referral's own next step is (`due_at`): the hours are the
-- pack's, and overdue has one definition. Told as kept, it is done; told as not kept, the referral itself is chased.
--
-- Source: window of the national community health system (three days late); the reminder is Hodi's design.
-- from: referral
WITH expected AS (
  SELECT r.unit, r.household, r.person, r.referral, r.return_day, r.return_kept,
         CASE
           WHEN r.due_at IS NULL THEN r.return_day + 1
           ELSE r.made_day + CAST(FLOOR((r.due_at - r.made_at) / 86400000) AS INTEGER) + 1
         END AS overdue_day
  FROM referral r
  WHERE r.state = 'seen' AND r.return_day IS NOT NULL
    AND ((r.due_at IS NOT NULL AND r.return_kept IS NULL) OR r.return_kept = 1)
)
SELECT e.unit, e.household, e.person, e.referral AS episode,
       e.return_day - :return_before_days AS opens_day,
       e.return_day AS due_day,
       e.overdue_day,
       e.return_day + :ref_follow_open_days AS closes_day,
       CASE WHEN e.return_kept = 1 THEN e.return_day END AS done_day,
       'expected' AS detail,
       e.return_day + :ref_follow_open_days + 1 AS until_day
FROM expected e
LEFT JOIN person p ON p.unit = e.unit AND p.household = e.household AND p.person = e.person
WHERE e.return_day + :ref_follow_open_days >= :today AND COALESCE(p.state, '') = 'here'
