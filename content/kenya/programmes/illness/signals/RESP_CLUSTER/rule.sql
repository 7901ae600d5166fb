-- RESP_CLUSTER: several members of a household fell ill with cough within days.
--
-- A case is a member with cough or fast breathing at the latest assessment of the last
-- :resp_cluster_expiry_days: whoever was found well since then has left the cluster. The onset is that of the
-- cough, or of the fever where that came first, or the day of the assessment where no onset was told. Members
-- whose onsets lie within :resp_cluster_onset_days form a cluster if :resp_cluster_members of them have fever
-- too, or :resp_cluster_coughing of them cough at all; of several clusters the largest is shown, of equal
-- ones the latest.
--
-- Source: community event-based surveillance, signal 1 (similar symptoms in two or more people within a
-- week), narrowed to one household; three with cough alone, and expiry, are Hodi's design.
-- from: illness
-- days: :resp_cluster_expiry_days
WITH latest AS (
  SELECT i.unit, i.household, i.person, i.day, i.event, i.cough, i.fast_breathing, i.fever, i.cough_day, i.fever_day,
         ROW_NUMBER() OVER (PARTITION BY i.unit, i.household, i.person ORDER BY i.day DESC, i.event DESC) AS place
  FROM illness i
),
ill AS (
  SELECT unit, household, person, day, event, fever,
         CASE
           WHEN fever = 1 AND COALESCE(fever_day, day) < COALESCE(cough_day, day) THEN COALESCE(fever_day, day)
           ELSE COALESCE(cough_day, day)
         END AS onset
  FROM latest
  WHERE place = 1 AND (cough = 1 OR fast_breathing = 1)
),
counted AS (
  SELECT ill.*, COUNT(*) OVER week AS coughing, SUM(fever) OVER week AS feverish
  FROM ill
  WINDOW week AS (
    PARTITION BY unit, household ORDER BY onset
    RANGE BETWEEN CURRENT ROW AND :resp_cluster_onset_days FOLLOWING
  )
),
led AS (
  SELECT counted.*,
         FIRST_VALUE(onset) OVER first AS first_onset,
         FIRST_VALUE(CASE WHEN feverish >= :resp_cluster_members THEN 'members' ELSE 'coughs' END) OVER first AS detail
  FROM counted
  WINDOW first AS (
    PARTITION BY unit, household
    ORDER BY CASE WHEN feverish >= :resp_cluster_members THEN feverish ELSE 0 END DESC, coughing DESC, onset DESC
  )
),
cluster AS (
  SELECT led.*,
         ROW_NUMBER() OVER (PARTITION BY unit, household ORDER BY onset, event) AS place_first,
         ROW_NUMBER() OVER (PARTITION BY unit, household ORDER BY day DESC, event DESC) AS place_last
  FROM led
  WHERE onset >= first_onset AND onset <= first_onset + :resp_cluster_onset_days
    AND (detail = 'coughs' OR fever = 1)
)
SELECT unit, household, 0 AS person, 0 AS episode, 'priority' AS class,
       MIN(onset) AS first_day, MAX(day) AS last_day,
       MAX(CASE WHEN place_first = 1 THEN event END) AS first_event,
       MAX(CASE WHEN place_last = 1 THEN event END) AS last_event,
       MAX(detail) AS detail, COUNT(*) AS number_1, MAX(onset) - MIN(onset) AS number_2, 0 AS escalated,
       -- On this day the first of its members is no longer counted.
       MIN(day) + :resp_cluster_expiry_days AS until_day
FROM cluster
GROUP BY unit, household
HAVING COUNT(*) >= CASE MAX(detail) WHEN 'members' THEN :resp_cluster_members ELSE :resp_cluster_coughing END
