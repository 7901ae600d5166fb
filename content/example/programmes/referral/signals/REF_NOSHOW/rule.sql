-- REF_NOSHOW: the next step of a referral is overdue.
--
-- Overdue has one definition, the record's `due_at` (contract/record/11_referral.sql), whatever the state: not
-- arrived, declined, refused, not found, arrived on the client's word only, no outcome, a return date not kept.
-- `detail` is that state. From `escalate_at` on it is the supervisor's too. An answer is evidence of nothing:
-- the signal opens again :ref_noshow_reminder_h hours later, until somebody states what became of the person.
--
-- Source: our own design for the example (hours: pack.toml).
-- from: referral
WITH overdue AS (
  SELECT r.unit, r.household, r.person, r.referral, r.class, r.made_at, r.made_day, r.state, r.evidence, r.due_at,
         r.state_event, r.escalate_at,
         CASE WHEN r.escalate_at <= :now THEN 1 ELSE 0 END AS escalated,
         CASE WHEN r.escalate_at <= :now THEN r.escalate_at ELSE r.due_at END AS since_at,
         3600000 * :ref_noshow_reminder_h AS reminder
  FROM referral r
  WHERE r.due_at IS NOT NULL
),
counted AS (
  SELECT overdue.*,
         due_at + 3600000 * (FLOOR((:now - due_at) / 3600000) + 1) AS hour_at,
         made_at + 86400000 * (FLOOR((:now - made_at) / 86400000) + 1) AS day_at,
         since_at + reminder * (FLOOR((:now - since_at) / reminder) + 1) AS remind_at,
         CASE WHEN escalate_at > :now THEN escalate_at ELSE :now + 3600000 END AS told_at
  FROM overdue
),
earlier AS (
  SELECT counted.*,
         CASE WHEN hour_at < day_at THEN hour_at ELSE day_at END AS count_at,
         CASE WHEN remind_at < told_at THEN remind_at ELSE told_at END AS open_at
  FROM counted
)
SELECT unit, household, person, referral AS episode, class,
       made_day AS first_day,
       -- Whole days after the day of the referral: limits are counted from its own hour.
       made_day + CAST(FLOOR((since_at + FLOOR((:now - since_at) / reminder) * reminder - made_at) / 86400000) AS INTEGER)
         AS last_day,
       referral AS first_event, state_event AS last_event,
       CASE
         WHEN state = 'arrived' AND evidence NOT IN ('facility_desk', 'facility_record') THEN 'unconfirmed'
         WHEN state = 'arrived' THEN 'no_outcome'
         WHEN state = 'seen' THEN 'return'
         ELSE state
       END AS detail,
       CAST(FLOOR((:now - made_at) / 86400000) AS INTEGER) AS number_1,
       CAST(FLOOR((:now - due_at) / 3600000) AS INTEGER) AS number_2,
       escalated,
       CASE WHEN due_at <= :now THEN 1 ELSE 0 END AS holds,
       -- Until then it is not overdue; afterwards it counts hours and days, and is opened and escalated anew.
       CASE
         WHEN due_at > :now THEN due_at
         WHEN count_at < open_at THEN count_at
         ELSE open_at
       END AS until_at
FROM earlier
