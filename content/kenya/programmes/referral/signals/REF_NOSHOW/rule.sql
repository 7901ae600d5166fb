-- REF_NOSHOW: a referred person has not arrived in time.
--
-- The referral carries its own limits, by its class: when the promoter looks into it, and when the
-- supervisor is told. After tracing, the person has the first limit's time again from the day of tracing
-- on. Nobody is chased after :ref_noshow_lookback_days.
--
-- Source: windows of 24 hours and three days in the national community health system; hours until the
-- supervisor is told are Hodi's design (pack.toml).
-- from: referral
WITH awaited AS (
  SELECT r.unit, r.household, r.person, r.referral, r.class, r.made_at, r.made_day, r.escalate_at,
         CASE r.state WHEN 'traced' THEN r.state_at + (r.due_at - r.made_at) ELSE r.due_at END AS limit_at
  FROM referral r
  LEFT JOIN person p ON p.unit = r.unit AND p.household = r.household AND p.person = r.person
  WHERE r.state IN ('made', 'traced')
    AND r.made_day > :today - :ref_noshow_lookback_days
    AND COALESCE(p.state, 'here') = 'here'
),
late AS (
  SELECT awaited.*,
         CASE WHEN escalate_at <= :now THEN 1 ELSE 0 END AS escalated,
         CASE WHEN escalate_at <= :now AND escalate_at > limit_at THEN escalate_at ELSE limit_at END AS last_at
  FROM awaited
  WHERE limit_at <= :now
)
SELECT unit, household, person, referral AS episode, class,
       made_day AS first_day,
       -- Whole days after the day of the referral: limits are counted from its own hour.
       made_day + CAST(FLOOR((last_at - made_at) / 86400000) AS INTEGER) AS last_day,
       referral AS first_event, referral AS last_event,
       CASE escalated WHEN 1 THEN 'escalated' ELSE 'late' END AS detail,
       CAST(FLOOR((:now - made_at) / 86400000) AS INTEGER) AS number_1,
       CAST(FLOOR((:now - limit_at) / 3600000) AS INTEGER) AS number_2,
       escalated
FROM late
