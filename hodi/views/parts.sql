-- Beginnings that several statements of this room share: `{name}` in a statement stands for the part.

-- part: referral_lines
-- Referrals with whom they are about, as lists show them; rank 0 is the most pressing.
SELECT r.unit, r.household, r.person, r.referral, r.code, r.class AS class_, COALESCE(u.rank, 99) AS rank,
       r.facility, r.reason, r.given, r.made_at, r.due_at, r.escalate_at, r.state, r.state_at, r.arrived_at, r.seen_at, r.outcome, r.evidence,
       r.seen_by, r.advice, r.return_day, r.return_kept, r.owner, r.state_event, r.trace_reason,
       r.decline_reason, r.close_reason, r.author, h.area,
       p.given_name, p.middle_name, p.family_name, p.sex, p.birth_day
FROM referral r
JOIN household h ON h.unit = r.unit AND h.household = r.household
LEFT JOIN person p ON p.unit = r.unit AND p.household = r.household AND p.person = r.person
LEFT JOIN urgency u ON u.class = r.class

-- part: signal_lines
-- Signals with whom they are about, as lists show them; rank 0 is the most pressing.
SELECT s.unit, s.household, s.person, s.code, s.episode, s.class AS class_, COALESCE(u.rank, 99) AS rank,
       s.state, s.first_day, s.last_day, s.detail, s.number_1, s.number_2, s.escalated,
       h.area, h.head_name, p.given_name, p.middle_name, p.family_name, p.sex, p.birth_day
FROM signal s
JOIN household h ON h.unit = s.unit AND h.household = s.household
LEFT JOIN person p ON p.unit = s.unit AND p.household = s.household AND p.person = s.person
LEFT JOIN urgency u ON u.class = s.class

-- part: departure_lines
-- Departures with whom they are about and who told of them.
SELECT d.unit, d.household, d.person, d.departure, d.kind, d.day, d.certain, d.reason, d.moved_to, d.moved_place,
       d.place, d.cause, d.cause_told, d.class AS class_, d.maternal, d.told_at, d.verdict,
       d.verdict_at, d.answer, a.name AS worker, h.area, h.head_name,
       p.given_name, p.middle_name, p.family_name, p.sex, p.birth_day
FROM departure d
JOIN household h ON h.unit = d.unit AND h.household = d.household
LEFT JOIN person p ON p.unit = d.unit AND p.household = d.household AND p.person = d.person
LEFT JOIN account a ON a.account = d.author

-- part: phone_lines
-- Phones with their owners and places.
SELECT d.device, a.username, a.name, u.name AS unit_name, r.name AS area_name, d.enrolled_at, d.revoked_at,
       d.last_sync_at, d.waiting, d.app
FROM device d
JOIN account a ON a.account = d.account
LEFT JOIN place u ON u.place = d.unit
LEFT JOIN place r ON r.place = d.area
