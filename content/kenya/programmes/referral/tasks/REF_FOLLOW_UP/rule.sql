-- REF_FOLLOW_UP: see at home whoever was seen at the facility.
--
-- Due on the day on which the outcome was recorded, late from :ref_follow_late_days after it on. A visit to the
-- household after that instant does it. Days are counted from the referral's own hour.
--
-- Source: windows of the national community health system (feedback of the facility: same day, five days late); how
-- long the window stays open is Hodi's design.
-- from: referral
WITH seen AS (
  SELECT r.unit, r.household, r.person, r.referral, r.seen_at, r.outcome,
         r.made_day + CAST(FLOOR((r.seen_at - r.made_at) / 86400000) AS INTEGER) AS seen_day
  FROM referral r
  WHERE r.seen_at IS NOT NULL AND r.state = 'seen' AND r.close_reason IS NULL AND r.outcome <> 'died'
)
SELECT s.unit, s.household, s.person, s.referral AS episode,
       s.seen_day AS opens_day,
       s.seen_day AS due_day,
       s.seen_day + :ref_follow_late_days + 1 AS overdue_day,
       s.seen_day + :ref_follow_open_days AS closes_day,
       (SELECT MIN(v.day) FROM visit v
        WHERE v.unit = s.unit AND v.household = s.household AND v.day >= s.seen_day
          AND v.occurred_at > s.seen_at AND v.outcome = 'done') AS done_day,
       s.outcome AS detail,
       s.seen_day + :ref_follow_open_days + 1 AS until_day
FROM seen s
LEFT JOIN person p ON p.unit = s.unit AND p.household = s.household AND p.person = s.person
WHERE s.seen_day + :ref_follow_open_days >= :today AND COALESCE(p.state, '') = 'here'
