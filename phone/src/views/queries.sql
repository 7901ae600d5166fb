-- Small look-ups of the screens. What takes more than a few lines has a file of its own.

-- name: household
-- One household.
-- row: HouseholdRow
SELECT * FROM household WHERE unit = :unit AND household = :household;

-- name: visits
-- Visits of a household, the latest first.
-- row: VisitRow
-- field: outcome 'done' | 'nobody_home' | 'refused'
SELECT day, visit, outcome, author, occurred_at FROM visit
WHERE unit = :unit AND household = :household
ORDER BY day DESC, visit DESC LIMIT :limit;

-- name: drafts
-- Unfinished forms, the latest first.
-- row: DraftLine
SELECT d.draft, d.form, d.household, d.person, d.changed_at, h.head_name, p.given_name, p.family_name
FROM draft d
LEFT JOIN household h ON h.household = d.household
LEFT JOIN person p ON p.household = d.household AND p.person = d.person
ORDER BY d.changed_at DESC;

-- name: signals
-- Open signals of a person (0 = of the household itself), the most pressing first, and what the server and the
-- supervisor know of them. :me is the account of the phone.
-- row: OpenSignal
-- field: class UrgencyClass
-- field: unsent number; How many of the events behind it the server has not received yet.
-- field: answered number; 1 = somebody else, her supervisor, has answered it.
SELECT s.household, s.person, s.code, s.episode, s.class, s.state, s.first_day, s.last_day, s.detail,
       s.number_1, s.number_2, s.escalated,
       (SELECT COUNT(*) FROM outbox b WHERE b.event IN (s.first_event, s.last_event)) AS unsent,
       (SELECT COUNT(*) FROM signal_answer a
        WHERE a.unit = s.unit AND a.household = s.household AND a.person = s.person AND a.code = s.code
          AND a.episode = s.episode AND a.author <> :me) AS answered
FROM signal s
LEFT JOIN urgency u ON u.class = s.class
WHERE s.unit = :unit AND s.household = :household AND s.person = :person AND s.state IN ('open', 'acknowledged')
ORDER BY u.rank IS NULL, u.rank, s.last_day DESC;

-- name: person
-- One person.
-- row: PersonRow
-- field: state 'here' | 'left' | 'died'
SELECT * FROM person WHERE unit = :unit AND household = :household AND person = :person;

-- name: departures
-- What was told of a person's leaving or dying, and what the supervisor said to it, the latest first.
-- row: Departure
-- field: kind 'left' | 'died'
-- field: verdict 'waiting' | 'approved' | 'sent_back'
SELECT * FROM departure WHERE unit = :unit AND household = :household AND person = :person ORDER BY told_at DESC, departure DESC;

-- name: referrals
-- Referrals of a person, the latest first.
-- row: Referral
-- field: class UrgencyClass
-- field: owner ; Who has to act next: promoter, supervisor, facility; nobody = it has ended.
SELECT * FROM referral WHERE unit = :unit AND household = :household AND person = :person ORDER BY made_at DESC;

-- name: referral
-- One referral.
-- row: Referral
-- field: class UrgencyClass
-- field: owner ; Who has to act next: promoter, supervisor, facility; nobody = it has ended.
SELECT * FROM referral WHERE unit = :unit AND household = :household AND person = :person AND referral = :referral;

-- name: findings
-- What was found on the day of a referral: the values that count now of that day's assessments of the person.
-- row: Stated
SELECT o.concept, o.number, o.code, o.text
FROM event e
LEFT JOIN amendment a ON a.unit = e.unit AND a.household = e.household AND a.event = e.id
JOIN observation o ON o.unit = e.unit AND o.event = COALESCE(a.source, e.id)
WHERE e.unit = :unit AND e.household = :household AND e.kind = 'assessment.recorded' AND e.occurred_day = :day
  AND e.person = :person AND (a.event IS NULL OR a.source IS NOT NULL)
ORDER BY e.stamp DESC, o.ordinal
LIMIT 60;

-- name: latest_findings
-- The latest finding of each concept about a person (0 = the household itself).
-- row: LatestFinding
SELECT ranked.concept, ranked.number, ranked.code, ranked.text
FROM (
  SELECT f.concept, f.number, f.code, f.text,
         ROW_NUMBER() OVER (PARTITION BY f.concept ORDER BY f.stamp DESC, f.event DESC, f.ordinal DESC) AS place
  FROM finding f
  WHERE f.unit = :unit AND f.household = :household AND f.person = :person
) ranked
WHERE ranked.place = 1;

-- name: amendments
-- What was said of an event afterwards, the latest first; of a retraction, whether it was itself taken back.
-- row: Amendment
-- field: kind 'event.corrected' | 'event.retracted'
-- field: mine number
-- field: taken_back number; 1 = it does not count any more itself.
SELECT e.id, e.kind, e.recorded_at, CASE WHEN e.author = :account THEN 1 ELSE 0 END AS mine,
       CASE WHEN EXISTS (
         SELECT 1 FROM event r
         WHERE r.unit = e.unit AND r.household = e.household AND r.kind = 'event.retracted' AND r.target = e.id)
       THEN 1 ELSE 0 END AS taken_back
FROM event e
WHERE e.unit = :unit AND e.household = :household AND e.kind IN ('event.corrected', 'event.retracted') AND e.target = :event
ORDER BY e.stamp DESC, e.id DESC;

-- name: answers
-- Answers given to signals of a person (0 = of the household itself), the latest first, with the event that states each.
-- row: SignalAnswered
-- field: mine number
-- field: code string
-- field: answer 'acknowledged' | 'acted' | 'dismissed'
-- field: reason string | null
SELECT e.id AS event, e.occurred_day AS day, e.recorded_at, CASE WHEN e.author = :account THEN 1 ELSE 0 END AS mine,
       MAX(CASE WHEN o.concept = 'signal_code' THEN o.text END) AS code,
       MAX(CASE WHEN o.concept = 'signal_answer' THEN o.code END) AS answer,
       MAX(CASE WHEN o.concept = 'answer_reason' THEN o.text END) AS reason
FROM event e
LEFT JOIN amendment a ON a.unit = e.unit AND a.household = e.household AND a.event = e.id
JOIN observation o ON o.unit = e.unit AND o.event = e.id
WHERE e.unit = :unit AND e.household = :household AND e.kind = 'signal.answered' AND COALESCE(e.person, 0) = :person
  AND a.event IS NULL
GROUP BY e.id, e.occurred_day, e.recorded_at, e.author
ORDER BY e.recorded_at DESC, e.id DESC LIMIT :limit;

-- name: statements
-- Every statement of an attribute of a household or a member, the latest first.
-- row: Statement
-- field: mine number
-- field: retracted number
-- field: values_stated number; How many values its event states: one that states nothing else can be taken back by itself.
SELECT e.id AS event, e.kind, e.recorded_at, e.occurred_day AS day, o.number, o.code, o.text,
       CASE WHEN e.author = :account THEN 1 ELSE 0 END AS mine,
       CASE WHEN a.event IS NOT NULL AND a.source IS NULL THEN 1 ELSE 0 END AS retracted,
       (SELECT COUNT(*) FROM observation s WHERE s.unit = e.unit AND s.event = e.id) AS values_stated
FROM event e
LEFT JOIN amendment a ON a.unit = e.unit AND a.household = e.household AND a.event = e.id
JOIN observation o ON o.unit = e.unit AND o.event = COALESCE(a.source, e.id) AND o.concept = :concept
WHERE e.unit = :unit AND e.household = :household AND COALESCE(e.person, 0) = :person
  AND e.kind IN ('household.registered', 'household.described', 'person.registered', 'person.described')
ORDER BY e.stamp DESC, e.id DESC;
