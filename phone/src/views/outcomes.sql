-- What facilities have said about referrals lately, newest first; not what she has told herself. Parameters: :unit, :since_at.
-- row: OutcomeRow
-- field: class UrgencyClass
-- field: state 'arrived' | 'seen' | 'declined'
-- field: facility string | null
SELECT r.household, r.person, r.referral, r.code, r.class, r.reason, r.made_day, r.state, r.state_at, r.outcome, r.evidence, r.advice,
       r.return_day, COALESCE(r.seen_by, r.facility) AS facility, p.birth_day, p.given_name, p.family_name
FROM referral r
LEFT JOIN person p ON p.unit = r.unit AND p.household = r.household AND p.person = r.person
WHERE r.unit = :unit AND r.state IN ('arrived', 'seen', 'declined') AND r.state_at >= :since_at
  AND COALESCE(r.evidence, '') NOT IN ('client_says', 'slip', 'promoter_saw')
ORDER BY r.state_at DESC
