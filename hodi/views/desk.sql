-- The desk of a facility: what it expects, what it looks for, and one referral's slip.

-- name: referrals_expected
-- Open referrals to a facility: it waits for the person, for an outcome, or for a return; emergencies first.
-- Grows with the open referrals to it (index referral_open_to).
{referral_lines}
WHERE r.facility = :facility AND r.due_at IS NOT NULL AND r.state NOT IN ('declined', 'moved')
ORDER BY rank, r.made_at DESC, r.unit, r.referral;

-- name: arrivals_since
-- Referrals to a facility that closed since a day, latest first.
{referral_lines}
WHERE r.facility = :facility AND r.state IN ('seen', 'declined') AND r.made_day >= :since_day
  AND r.state_at >= :since_at AND h.here = 1
ORDER BY r.state_at DESC, r.referral
LIMIT 20;

-- name: referrals_by_code
-- Referrals with the code on a slip, wherever they were made to; the latest first (index referral_by_code).
{referral_lines}
WHERE r.code = :code AND h.here = 1
ORDER BY r.made_at DESC, r.referral;

-- name: referrals_by_words
-- Referrals to a facility since a day whose person has a name or telephone like the one given, open ones
-- first. Grows with the referrals to the facility in that time (index referral_to).
{referral_lines}
WHERE r.facility = :facility AND r.made_day >= :since_day AND h.here = 1
  AND r.state NOT IN ('cancelled', 'moved', 'died')
  AND (
    LOWER(COALESCE(p.given_name, '') || ' ' || COALESCE(p.middle_name, '') || ' ' || COALESCE(p.family_name, ''))
      LIKE :name
    OR LOWER(COALESCE(p.given_name, '') || ' ' || COALESCE(p.family_name, '')) LIKE :name
    OR REPLACE(COALESCE(p.phone, ''), ' ', '') LIKE :phone
    OR REPLACE(COALESCE(h.phone, ''), ' ', '') LIKE :phone
  )
ORDER BY CASE WHEN r.due_at IS NULL THEN 1 ELSE 0 END, r.made_at DESC, r.referral
LIMIT 30;

-- name: referral
-- One referral, by the place of its event in the ledger.
{referral_lines}
JOIN event e ON e.unit = r.unit AND e.household = r.household AND e.person = r.person AND e.id = r.referral
WHERE e.unit = :unit AND e.id = :referral;

-- name: findings_with_referral
-- The assessments of the visit in which a referral was made: what the promoter found.
SELECT e.id AS event
FROM event r
JOIN event e ON e.unit = r.unit AND e.household = r.household AND e.kind = 'assessment.recorded'
  AND e.occurred_day = r.occurred_day
WHERE r.unit = :unit AND r.id = :referral AND e.person = r.person
ORDER BY e.stamp DESC, e.id
LIMIT 3;

-- name: worker
-- A worker's name and telephone.
SELECT a.name, a.phone FROM account a WHERE a.account = :account;

-- name: signals_of_linked_units
-- Open signals of the units that a facility is linked to, counted by code: no names.
SELECT u.place AS unit, u.name AS unit_name, s.code, COUNT(*) AS count
FROM place f
JOIN place u ON u.facility = f.place AND u.kind = 'unit'
JOIN signal s ON s.unit = u.place AND s.state = 'open'
WHERE f.place = :place
GROUP BY u.place, u.name, s.code
ORDER BY u.name, u.place, s.code;
