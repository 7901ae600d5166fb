-- referral: each referral, with the state that its events give it, and who has to act next, by when.
--
--   state      seen, once anybody states an outcome, however late: an outcome reopens what was closed.
--              Else closed, if nothing was said after it. Else arrived, on a facility's word, unless the
--              facility declined later. Else whatever was said last: declined, what tracing found
--              (traced, not_found, elsewhere, refused, moved, died), arrived on somebody else's word,
--              cancelled. Else made. Who has died or left the household needs no tracing for it.
--   owner      promoter, supervisor or facility: on whose screen the next step stands. nobody = an end: seen without a
--              return date to wait for, closed, cancelled, died, or a household that has left the unit.
--   due_at     when the next step is overdue, escalate_at when it is the supervisor's too; NULL = an end.
--              Each event carries the times of the state that it begins, so that phone and server judge
--              alike. Where it carries none, the referral's own first limit counts again from there.
--   evidence   facility record before facility desk, slip, what the promoter saw, what the client says.
--              Of two statements of the same thing the better grade is believed, then the later one;
--              what only the lesser states is kept.
--   return     awaited until it is told as kept, or the person is seen again on the day or after it.
--   a correction may leave out what a referral must state: then it has no code, is routine, due at once.
--
-- Source: urgency classes and loop of national referral forms; grades are Hodi's design.
-- writes: referral
-- facts: referral.made referral.arrived referral.seen referral.declined referral.traced referral.returned referral.cancelled referral.closed
-- reads: household person
-- since: start
WITH said AS (
  SELECT f.unit, f.household, f.person, f.id, f.kind, f.area, f.author, f.occurred_at, f.occurred_day, f.stamp,
         CASE f.kind WHEN 'referral.made' THEN f.id ELSE f.target END AS referral,
         MAX(CASE WHEN o.concept = 'referral_code' THEN o.text END) AS slip_code,
         MAX(CASE WHEN o.concept = 'referral_class' THEN o.code END) AS class,
         MAX(CASE WHEN o.concept = 'referral_facility' THEN o.text END) AS facility,
         MAX(CASE WHEN o.concept = 'referral_reason' THEN o.code END) AS reason,
         MAX(CASE WHEN o.concept = 'treatment_given' THEN o.text END) AS given,
         MAX(CASE WHEN o.concept = 'referral_due_at' THEN CAST(FLOOR(o.number) AS BIGINT) END) AS due_at,
         MAX(CASE WHEN o.concept = 'referral_escalate_at' THEN CAST(FLOOR(o.number) AS BIGINT) END) AS escalate_at,
         MAX(CASE WHEN o.concept = 'evidence' THEN o.code END) AS evidence,
         MAX(CASE WHEN o.concept = 'referral_outcome' THEN o.code END) AS outcome,
         MAX(CASE WHEN o.concept = 'seen_at_facility' THEN o.text END) AS seen_by,
         MAX(CASE WHEN o.concept = 'advice' THEN o.text END) AS advice,
         MAX(CASE WHEN o.concept = 'return_day' THEN CAST(FLOOR(o.number) AS INTEGER) END) AS return_day,
         MAX(CASE WHEN o.concept IN ('trace_result', 'return_result') THEN o.code END) AS result,
         MAX(CASE WHEN o.concept IN ('trace_reason', 'decline_reason', 'close_reason') THEN o.code END) AS why
  FROM fact f
  LEFT JOIN observation o ON o.unit = f.unit AND o.event = f.source
  GROUP BY f.unit, f.household, f.person, f.id, f.kind, f.area, f.author, f.occurred_at, f.occurred_day,
           f.stamp, f.target
),
graded AS (
  SELECT said.*,
         CASE evidence
           WHEN 'facility_record' THEN 1
           WHEN 'facility_desk' THEN 2
           WHEN 'slip' THEN 3
           WHEN 'promoter_saw' THEN 4
           WHEN 'client_says' THEN 5
           ELSE 6
         END AS grade,
         ROW_NUMBER() OVER (PARTITION BY unit, household, referral ORDER BY stamp, id) AS nth
  FROM said
),
weighed AS (
  SELECT graded.*,
         CASE
           WHEN kind = 'referral.seen' THEN 1
           WHEN kind = 'referral.closed' AND nth = MAX(nth) OVER (PARTITION BY unit, household, referral) THEN 2
           WHEN kind = 'referral.arrived' AND grade <= 2 THEN
             CASE WHEN nth > COALESCE(MAX(CASE WHEN kind = 'referral.declined' THEN nth END)
                                        OVER (PARTITION BY unit, household, referral), 0) THEN 3 ELSE 6 END
           WHEN kind IN ('referral.arrived', 'referral.declined', 'referral.traced', 'referral.cancelled') THEN 4
           WHEN kind = 'referral.made' THEN 5
           ELSE 9
         END AS weight
  FROM graded
),
ranked AS (
  SELECT weighed.*,
         ROW_NUMBER() OVER (
           PARTITION BY unit, household, referral
           ORDER BY weight, CASE weight WHEN 1 THEN grade ELSE 0 END, nth DESC
         ) AS place_of_state,
         ROW_NUMBER() OVER (PARTITION BY unit, household, referral, kind ORDER BY grade, nth DESC) AS place,
         ROW_NUMBER() OVER (PARTITION BY unit, household, referral, kind ORDER BY nth DESC) AS place_in_time,
         MAX(CASE WHEN kind IN ('referral.traced', 'referral.returned') THEN nth END)
           OVER (PARTITION BY unit, household, referral) AS asked_nth,
         ROW_NUMBER() OVER (
           PARTITION BY unit, household, referral, kind ORDER BY CASE WHEN outcome IS NULL THEN 1 ELSE 0 END, grade, nth DESC
         ) AS place_of_outcome,
         ROW_NUMBER() OVER (
           PARTITION BY unit, household, referral, kind ORDER BY CASE WHEN seen_by IS NULL THEN 1 ELSE 0 END, grade, nth DESC
         ) AS place_of_facility,
         ROW_NUMBER() OVER (
           PARTITION BY unit, household, referral, kind ORDER BY CASE WHEN advice IS NULL THEN 1 ELSE 0 END, grade, nth DESC
         ) AS place_of_advice,
         ROW_NUMBER() OVER (
           PARTITION BY unit, household, referral, kind ORDER BY CASE WHEN return_day IS NULL THEN 1 ELSE 0 END, grade, nth DESC
         ) AS place_of_return
  FROM weighed
),
told AS (
  SELECT unit, household, referral,
         MAX(CASE WHEN kind = 'referral.made' THEN person END) AS person,
         MAX(CASE WHEN kind = 'referral.made' THEN slip_code END) AS slip_code,
         MAX(CASE WHEN kind = 'referral.made' THEN class END) AS class,
         MAX(CASE WHEN kind = 'referral.made' THEN facility END) AS facility,
         MAX(CASE WHEN kind = 'referral.made' THEN reason END) AS reason,
         MAX(CASE WHEN kind = 'referral.made' THEN given END) AS given,
         MAX(CASE WHEN kind = 'referral.made' THEN author END) AS author,
         MAX(CASE WHEN kind = 'referral.made' THEN area END) AS area,
         MAX(CASE WHEN kind = 'referral.made' THEN occurred_at END) AS made_at,
         MAX(CASE WHEN kind = 'referral.made' THEN occurred_day END) AS made_day,
         MAX(CASE WHEN kind = 'referral.made' THEN COALESCE(due_at, occurred_at) END) AS first_due_at,
         MAX(CASE WHEN kind = 'referral.made' THEN COALESCE(escalate_at, occurred_at) END) AS first_escalate_at,
         MAX(CASE WHEN place_of_state = 1 THEN
               CASE
                 WHEN kind = 'referral.seen' THEN 'seen'
                 WHEN kind = 'referral.closed' THEN 'closed'
                 WHEN kind = 'referral.arrived' THEN 'arrived'
                 WHEN kind = 'referral.declined' THEN 'declined'
                 WHEN kind = 'referral.cancelled' THEN 'cancelled'
                 WHEN kind = 'referral.made' THEN 'made'
                 WHEN result = 'went_elsewhere' THEN 'elsewhere'
                 WHEN result IN ('refused', 'moved', 'died', 'not_found') THEN result
                 ELSE 'traced'
               END
             END) AS state,
         MAX(CASE WHEN place_of_state = 1 THEN id END) AS state_event,
         MAX(CASE WHEN place_of_state = 1 THEN occurred_at END) AS state_at,
         MAX(CASE WHEN place_of_state = 1 THEN due_at END) AS state_due_at,
         MAX(CASE WHEN place_of_state = 1 THEN escalate_at END) AS state_escalate_at,
         MAX(CASE WHEN place_of_state = 1 THEN grade END) AS grade,
         MAX(CASE WHEN place_of_state = 1 AND kind IN ('referral.arrived', 'referral.seen') THEN evidence END) AS evidence,
         MAX(CASE WHEN kind = 'referral.arrived' AND place = 1 AND evidence IS NOT NULL THEN occurred_at END) AS arrived_at,
         MAX(CASE WHEN kind = 'referral.seen' AND place_of_outcome = 1 AND outcome IS NOT NULL THEN occurred_at END) AS seen_at,
         MAX(CASE WHEN kind = 'referral.seen' AND place_of_outcome = 1 THEN outcome END) AS outcome,
         MAX(CASE WHEN kind = 'referral.seen' AND place_of_facility = 1 THEN seen_by END) AS seen_by,
         MAX(CASE WHEN kind = 'referral.seen' AND place_of_advice = 1 THEN advice END) AS advice,
         MAX(CASE WHEN kind = 'referral.seen' AND place_of_return = 1 THEN return_day END) AS return_day,
         MAX(CASE WHEN kind = 'referral.seen' AND place_of_return = 1 AND return_day IS NOT NULL THEN nth END) AS return_nth,
         MAX(CASE WHEN kind = 'referral.seen' AND place_of_return = 1 AND return_day IS NOT NULL THEN due_at END) AS return_due_at,
         MAX(CASE WHEN kind = 'referral.seen' AND place_of_return = 1 THEN escalate_at END) AS return_escalate_at,
         MAX(CASE WHEN kind = 'referral.seen' AND place_of_return > 1 THEN occurred_day END) AS seen_again_day,
         MAX(CASE WHEN kind = 'referral.returned' AND place_in_time = 1 THEN nth END) AS returned_nth,
         MAX(CASE WHEN kind = 'referral.returned' AND place_in_time = 1 THEN result END) AS returned,
         MAX(CASE WHEN kind = 'referral.returned' AND place_in_time = 1 THEN occurred_at END) AS returned_at,
         MAX(CASE WHEN kind = 'referral.returned' AND place_in_time = 1 THEN due_at END) AS returned_due_at,
         MAX(CASE WHEN kind = 'referral.returned' AND place_in_time = 1 THEN escalate_at END) AS returned_escalate_at,
         MAX(CASE WHEN nth = asked_nth THEN why END) AS trace_reason,
         MAX(CASE WHEN kind = 'referral.declined' AND place_in_time = 1 THEN why END) AS decline_reason,
         MAX(CASE WHEN kind = 'referral.closed' AND place_in_time = 1 THEN why END) AS close_reason,
         MAX(CASE WHEN kind = 'referral.closed' THEN nth END) AS closed_nth,
         MAX(nth) AS last_nth
  FROM ranked
  GROUP BY unit, household, referral
  HAVING COUNT(CASE WHEN kind = 'referral.made' THEN 1 END) > 0
),
standing AS (
  SELECT told.*,
         CASE
           WHEN told.state IN ('seen', 'closed', 'cancelled', 'died') THEN told.state
           WHEN p.state = 'died' THEN 'died'
           WHEN p.state = 'left' AND NOT (told.state = 'arrived' AND told.grade <= 2) THEN 'moved'
           ELSE told.state
         END AS stands,
         -- On the day that was told, at the referral's own hour: where midnight is, the fold does not know.
         CASE
           WHEN p.state IN ('died', 'left') THEN made_at + (CAST(FLOOR(p.state_day) AS BIGINT) - made_day) * 86400000
         END AS gone_at,
         CASE WHEN returned_nth > return_nth THEN returned END AS return_result,
         CASE
           WHEN COALESCE(h.here, 1) = 0 OR told.state IN ('closed', 'cancelled', 'died') OR p.state = 'died' THEN 0
           WHEN told.state = 'seen' AND (
             return_due_at IS NULL OR seen_again_day >= return_day OR COALESCE(closed_nth, 0) = last_nth OR (returned_nth > return_nth AND returned = 'kept')
           ) THEN 0
           ELSE 1
         END AS awaited
  FROM told
  LEFT JOIN household h ON h.unit = told.unit AND h.household = told.household
  LEFT JOIN person p ON p.unit = told.unit AND p.household = told.household AND p.person = told.person
),
timed AS (
  SELECT standing.*,
         CASE
           WHEN awaited = 0 THEN NULL
           WHEN state = 'made' AND stands = 'made' THEN first_due_at
           WHEN state = 'seen' AND return_result IS NOT NULL
             THEN COALESCE(returned_due_at, returned_at + first_due_at - made_at)
           WHEN state = 'seen' THEN return_due_at
           WHEN stands <> state THEN gone_at + first_due_at - made_at
           ELSE COALESCE(state_due_at, state_at + first_due_at - made_at)
         END AS due_at,
         CASE
           WHEN state = 'made' AND stands = 'made' THEN first_escalate_at
           WHEN state = 'seen' AND return_result IS NOT NULL THEN COALESCE(returned_escalate_at, first_escalate_at)
           WHEN state = 'seen' THEN COALESCE(return_escalate_at, first_escalate_at)
           WHEN stands <> state THEN first_escalate_at
           ELSE COALESCE(state_escalate_at, first_escalate_at)
         END AS asked_at
  FROM standing
)
SELECT unit, household, person, referral,
       COALESCE(slip_code, ''), COALESCE(class, 'routine'), facility, reason, given, author, area, made_at, made_day,
       CASE
         WHEN awaited = 0 THEN 'nobody'
         WHEN stands IN ('refused', 'moved') THEN 'supervisor'
         WHEN stands = 'arrived' AND grade <= 2 THEN 'facility'
         ELSE 'promoter'
       END,
       due_at,
       CASE WHEN awaited = 0 THEN NULL WHEN asked_at > due_at THEN asked_at ELSE due_at END,
       stands, state_event,
       CASE WHEN stands <> state THEN gone_at ELSE state_at END,
       COALESCE(arrived_at, seen_at), seen_at, outcome, evidence, seen_by, advice, return_day,
       CASE return_result WHEN 'kept' THEN 1 WHEN 'not_kept' THEN 0 END,
       trace_reason, decline_reason, close_reason
FROM timed
