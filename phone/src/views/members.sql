-- Everybody known in a household, with what a glance should show. Parameters: :unit, :household.
-- row: Member
-- field: state 'here' | 'left' | 'died'
-- field: urgency UrgencyClass | null; Of the most pressing signal.
-- field: referrals number
SELECT p.person, p.given_name, p.middle_name, p.family_name, p.sex, p.birth_day, p.birth_estimated, p.relationship, p.state,
       (SELECT s.class FROM signal s
        LEFT JOIN urgency u ON u.class = s.class
        WHERE s.unit = p.unit AND s.household = p.household AND s.person = p.person AND s.state IN ('open', 'acknowledged')
        ORDER BY u.rank IS NULL, u.rank LIMIT 1) AS urgency,
       (SELECT COUNT(*) FROM referral r
        WHERE r.unit = p.unit AND r.household = p.household AND r.person = p.person AND r.due_at IS NOT NULL) AS referrals
FROM person p
WHERE p.unit = :unit AND p.household = :household
ORDER BY p.state = 'here' DESC, p.relationship = 'head' DESC, p.birth_day, p.person
