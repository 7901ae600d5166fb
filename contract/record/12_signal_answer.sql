-- signal_answer: the latest answer of a worker to each signal.
--
-- The runner of the rules gives a signal this state for as long as its evidence is not later than the
-- answer; later evidence opens it again.
--
-- writes: signal_answer
-- facts: signal.answered
-- since: start
WITH answered AS (
  SELECT f.unit, f.household, COALESCE(f.person, 0) AS person, f.id, f.occurred_day, f.stamp, f.author,
         MAX(CASE WHEN o.concept = 'signal_code' THEN o.text END) AS signal,
         COALESCE(MAX(CASE WHEN o.concept = 'signal_episode' THEN CAST(FLOOR(o.number) AS BIGINT) END), 0) AS episode,
         MAX(CASE WHEN o.concept = 'signal_answer' THEN o.code END) AS answer,
         MAX(CASE WHEN o.concept = 'answer_reason' THEN o.text END) AS reason
  FROM fact f
  LEFT JOIN observation o ON o.unit = f.unit AND o.event = f.source
  GROUP BY f.unit, f.household, f.person, f.id, f.occurred_day, f.stamp, f.author
),
ranked AS (
  SELECT answered.*,
         ROW_NUMBER() OVER (
           PARTITION BY unit, household, person, signal, episode ORDER BY stamp DESC, id DESC
         ) AS place
  FROM answered
  WHERE signal IS NOT NULL AND answer IS NOT NULL
)
SELECT unit, household, person, signal, episode, answer, reason, occurred_day, author
FROM ranked
WHERE place = 1
