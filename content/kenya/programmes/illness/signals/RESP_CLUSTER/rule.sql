-- RESP_CLUSTER: two or more members of a household fell ill with cough and fever within days.
--
-- A case is a member with cough or fast breathing, and fever, at an assessment in the last :resp_cluster_expiry_days;
-- of several assessments of a member the latest counts. The onset is the earlier of cough and fever,
-- or the day of the assessment where no onset was told. Members whose onsets lie within :resp_cluster_onset_days
-- form a cluster; the largest is shown, of equal ones the latest.
--
-- Source: community event-based surveillance, signal 1 (similar symptoms in two or more people within a
-- week), narrowed to one household; expiry is Hodi's design, to be tuned on local data.
-- from: illness
-- days: :resp_cluster_expiry_days
WITH ill AS (
  SELECT i.unit, i.household, i.person, i.day, i.event,
         CASE
           WHEN COALESCE(i.cough_day, i.day) < COALESCE(i.fever_day, i.day) THEN COALESCE(i.cough_day, i.day)
           ELSE COALESCE(i.fever_day, i.day)
         END AS onset,
         ROW_NUMBER() OVER (PARTITION BY i.unit, i.household, i.person ORDER BY i.day DESC, i.event DESC) AS place
  FROM illness i
  WHERE (i.cough = 1 OR i.fast_breathing = 1) AND i.fever = 1
),
counted AS (
  SELECT unit, household, person, day, event, onset,
         COUNT(*) OVER (
           PARTITION BY unit, household ORDER BY onset
           RANGE BETWEEN CURRENT ROW AND :resp_cluster_onset_days FOLLOWING
         ) AS members
  FROM ill
  WHERE place = 1
),
led AS (
  SELECT counted.*,
         FIRST_VALUE(onset) OVER (PARTITION BY unit, household ORDER BY members DESC, onset DESC) AS first_onset
  FROM counted
),
cluster AS (
  SELECT led.*,
         ROW_NUMBER() OVER (PARTITION BY unit, household ORDER BY onset, event) AS place_first,
         ROW_NUMBER() OVER (PARTITION BY unit, household ORDER BY day DESC, event DESC) AS place_last
  FROM led
  WHERE onset >= first_onset AND onset <= first_onset + :resp_cluster_onset_days
)
SELECT unit, household, 0 AS person, 0 AS episode, 'priority' AS class,
       MIN(onset) AS first_day, MAX(day) AS last_day,
       MAX(CASE WHEN place_first = 1 THEN event END) AS first_event,
       MAX(CASE WHEN place_last = 1 THEN event END) AS last_event,
       'members' AS detail, COUNT(*) AS number_1, MAX(onset) - MIN(onset) AS number_2, 0 AS escalated
FROM cluster
GROUP BY unit, household
HAVING COUNT(*) >= :resp_cluster_members
