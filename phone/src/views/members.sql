-- Everybody known in a household, with what a glance should show. Parameters: :unit, :household.
-- row: Member
-- field: state 'here' | 'left' | 'died'
-- field: rank number | null; Of the most pressing signal: 0 emergency … 3 routine.
-- field: referrals number
SELECT p.person, p.given_name, p.middle_name, p.family_name, p.sex, p.birth_day, p.birth_estimated, p.relationship, p.state,
       (SELECT MIN(CASE s.class WHEN 'emergency' THEN 0 WHEN 'urgent' THEN 1 WHEN 'priority' THEN 2 ELSE 3 END) FROM signal s
        WHERE s.unit = p.unit AND s.household = p.household AND s.person = p.person AND s.state IN ('open', 'acknowledged')) AS rank,
       (SELECT COUNT(*) FROM referral r
        WHERE r.unit = p.unit AND r.household = p.household AND r.person = p.person AND r.due_at IS NOT NULL) AS referrals
FROM person p
WHERE p.unit = :unit AND p.household = :household
ORDER BY p.state = 'here' DESC, p.relationship = 'head' DESC, p.birth_day, p.person
