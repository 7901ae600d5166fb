-- task_dismissal: the latest time that a worker put each task aside.
--
-- writes: task_dismissal
-- facts: task.dismissed
-- since: start
WITH dismissed AS (
  SELECT f.unit, f.household, COALESCE(f.person, 0) AS person, f.id, f.occurred_day, f.stamp, f.author,
         MAX(CASE WHEN o.concept = 'task_code' THEN o.text END) AS task,
         COALESCE(MAX(CASE WHEN o.concept = 'task_episode' THEN CAST(FLOOR(o.number) AS BIGINT) END), 0) AS episode,
         MAX(CASE WHEN o.concept = 'answer_reason' THEN o.text END) AS reason
  FROM fact f
  LEFT JOIN observation o ON o.unit = f.unit AND o.event = f.source
  GROUP BY f.unit, f.household, f.person, f.id, f.occurred_day, f.stamp, f.author
),
ranked AS (
  SELECT dismissed.*,
         ROW_NUMBER() OVER (
           PARTITION BY unit, household, person, task, episode ORDER BY stamp DESC, id DESC
         ) AS place
  FROM dismissed
  WHERE task IS NOT NULL
)
SELECT unit, household, person, task, episode, reason, occurred_day, author
FROM ranked
WHERE place = 1
