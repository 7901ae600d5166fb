-- referral: each referral, with the state that its events give it.
--
--   state      seen, once anybody states an outcome, however late: an outcome reopens what was closed.
--              Else arrived or declined by the facility, whichever was said later. Else what the
--              promoter found (traced, elsewhere, refused, moved, died) or that it was called off,
--              whichever was said later. Else made.
--   evidence   facility record before facility desk, slip, what the promoter saw, what the client says.
--              Of two statements of the same thing the better grade is believed, then the later one;
--              what only the lesser states is kept.
--   due times  travel with the referral, so that phone and server judge a no-show alike.
--   a correction may leave out what a referral must state: then it has no code, is routine, due at once.
--
-- Source: urgency classes and loop of the national referral form (MOH 100); grades are Hodi's design.
-- writes: referral
-- facts: referral.made referral.arrived referral.seen referral.declined referral.traced referral.cancelled
-- since: start
WITH said AS (
  SELECT f.unit, f.household, f.person, f.id, f.kind, f.area, f.author, f.occurred_at, f.occurred_day, f.stamp,
         CASE f.kind WHEN 'referral.made' THEN f.id ELSE f.target END AS referral,
         COALESCE(o.concept, '') AS concept, o.number, o.code, o.text,
         MAX(CASE WHEN o.concept = 'evidence' THEN o.code END) OVER (PARTITION BY f.unit, f.id) AS evidence
  FROM fact f
  LEFT JOIN observation o ON o.unit = f.unit AND o.event = f.source
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
         CASE kind
           WHEN 'referral.seen' THEN 1
           WHEN 'referral.arrived' THEN 2
           WHEN 'referral.declined' THEN 2
           WHEN 'referral.made' THEN 4
           ELSE 3
         END AS weight
  FROM said
),
ranked AS (
  SELECT graded.*,
         ROW_NUMBER() OVER (
           PARTITION BY unit, household, referral, kind, concept ORDER BY grade, stamp DESC, id DESC
         ) AS place,
         ROW_NUMBER() OVER (
           PARTITION BY unit, household, referral
           ORDER BY weight, CASE weight WHEN 1 THEN grade ELSE 0 END, stamp DESC, id DESC,
                    CASE concept WHEN 'trace_result' THEN 0 ELSE 1 END, concept
         ) AS place_of_state
  FROM graded
)
SELECT unit, household,
       MAX(CASE WHEN kind = 'referral.made' THEN person END),
       referral,
       COALESCE(MAX(CASE WHEN kind = 'referral.made' AND concept = 'referral_code' THEN text END), ''),
       COALESCE(MAX(CASE WHEN kind = 'referral.made' AND concept = 'referral_class' THEN code END), 'routine'),
       MAX(CASE WHEN kind = 'referral.made' AND concept = 'referral_facility' THEN text END),
       MAX(CASE WHEN kind = 'referral.made' AND concept = 'referral_reason' THEN code END),
       MAX(CASE WHEN kind = 'referral.made' AND concept = 'treatment_given' THEN text END),
       MAX(CASE WHEN kind = 'referral.made' THEN author END),
       MAX(CASE WHEN kind = 'referral.made' THEN area END),
       MAX(CASE WHEN kind = 'referral.made' THEN occurred_at END),
       MAX(CASE WHEN kind = 'referral.made' THEN occurred_day END),
       COALESCE(MAX(CASE WHEN kind = 'referral.made' AND concept = 'referral_due_at' THEN CAST(FLOOR(number) AS BIGINT) END),
                MAX(CASE WHEN kind = 'referral.made' THEN occurred_at END)),
       COALESCE(MAX(CASE WHEN kind = 'referral.made' AND concept = 'referral_escalate_at' THEN CAST(FLOOR(number) AS BIGINT) END),
                MAX(CASE WHEN kind = 'referral.made' THEN occurred_at END)),
       MAX(CASE WHEN place_of_state = 1 THEN
             CASE
               WHEN kind = 'referral.seen' THEN 'seen'
               WHEN kind = 'referral.arrived' THEN 'arrived'
               WHEN kind = 'referral.declined' THEN 'declined'
               WHEN kind = 'referral.cancelled' THEN 'cancelled'
               WHEN kind = 'referral.made' THEN 'made'
               WHEN code = 'went_elsewhere' THEN 'elsewhere'
               WHEN code IN ('refused', 'moved', 'died') THEN code
               ELSE 'traced'
             END
           END),
       MAX(CASE WHEN place_of_state = 1 THEN occurred_at END),
       COALESCE(
         MIN(CASE WHEN kind = 'referral.arrived' AND concept = 'evidence' AND place = 1 THEN occurred_at END),
         MIN(CASE WHEN kind = 'referral.seen' AND concept = 'referral_outcome' AND place = 1 THEN occurred_at END)
       ),
       MIN(CASE WHEN kind = 'referral.seen' AND concept = 'referral_outcome' AND place = 1 THEN occurred_at END),
       MAX(CASE WHEN kind = 'referral.seen' AND concept = 'referral_outcome' AND place = 1 THEN code END),
       MAX(CASE WHEN place_of_state = 1 AND kind IN ('referral.arrived', 'referral.seen') THEN evidence END),
       MAX(CASE WHEN kind = 'referral.seen' AND concept = 'seen_at_facility' AND place = 1 THEN text END),
       MAX(CASE WHEN kind = 'referral.seen' AND concept = 'advice' AND place = 1 THEN text END),
       MAX(CASE WHEN kind = 'referral.seen' AND concept = 'return_day' AND place = 1
                THEN CAST(FLOOR(number) AS INTEGER) END)
FROM ranked
GROUP BY unit, household, referral
HAVING COUNT(CASE WHEN kind = 'referral.made' THEN 1 END) > 0
