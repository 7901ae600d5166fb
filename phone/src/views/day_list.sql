-- Every reason to call at a household today, one row a reason. Parameters: :unit, :area, :today.
-- Of referrals, those whose next step is hers. A referral is listed once: as its signal, else as itself, else as its task.
-- row: ReasonRow
-- field: household number
-- field: head_name string | null
-- field: village string | null
-- field: landmark string | null
-- field: person number
-- field: given_name string | null
-- field: family_name string | null
-- field: birth_day number | null
-- field: sex string | null
-- field: what 'signal' | 'confidential' | 'referral' | 'return' | 'task'
-- field: code string; Of the signal or task, or on the slip.
-- field: class UrgencyClass | 'visit'
-- field: state string
-- field: episode number
-- field: detail string | null
-- field: number_1 number | null
-- field: number_2 number | null
-- field: day number | null; Of the latest evidence of a signal; on which a task is due.
-- field: since number | null; Day of the first evidence of a signal; on which a task opened.
-- field: escalated number; 1 = the supervisor is to act too; of a task: it is overdue.
-- field: rank number
WITH home AS (
  SELECT household, head_name, village, landmark
  FROM household
  WHERE unit = :unit AND area = :area AND here = 1
),
reason AS (
  SELECT s.household, s.person, 'signal' AS what, s.code, s.class, s.state, s.episode, s.detail,
         s.number_1, s.number_2, s.last_day AS day, s.first_day AS since, s.escalated
  FROM signal s
  WHERE s.unit = :unit AND s.state IN ('open', 'acknowledged')
  UNION ALL
  SELECT r.household, r.person, 'referral', r.code, r.class, r.state, r.referral, r.facility,
         NULL, NULL, r.made_day, NULL, 0
  FROM referral r
  WHERE r.unit = :unit AND r.owner = 'promoter' AND r.state <> 'seen'
    AND NOT EXISTS (
      SELECT 1 FROM signal s
      WHERE s.unit = r.unit AND s.household = r.household AND s.person = r.person
        AND s.episode = r.referral AND s.state IN ('open', 'acknowledged'))
  UNION ALL
  SELECT r.household, r.person, 'return', r.code, 'routine', r.state, r.referral, r.seen_by,
         NULL, NULL, r.return_day, NULL, 0
  FROM referral r
  WHERE r.unit = :unit AND r.state = 'seen' AND r.due_at IS NOT NULL AND r.return_day <= :today + 1
    AND NOT EXISTS (
      SELECT 1 FROM signal s
      WHERE s.unit = r.unit AND s.household = r.household AND s.person = r.person
        AND s.episode = r.referral AND s.state IN ('open', 'acknowledged'))
  UNION ALL
  SELECT k.household, k.person, 'task', k.code, CASE WHEN k.form IS NULL AND k.person = 0 THEN 'visit' ELSE 'routine' END, k.state,
         k.episode, k.detail, NULL, NULL, k.due_day, k.opens_day, CASE WHEN k.overdue_day <= :today THEN 1 ELSE 0 END
  FROM task k
  WHERE k.unit = :unit AND k.state = 'open' AND k.opens_day <= :today AND k.closes_day >= :today
    AND NOT EXISTS (
      SELECT 1 FROM referral r
      WHERE r.unit = k.unit AND r.household = k.household AND r.person = k.person AND r.referral = k.episode
        AND ((r.owner = 'promoter' AND r.state <> 'seen') OR (r.state = 'seen' AND r.due_at IS NOT NULL AND r.return_day <= :today + 1)))
    AND NOT EXISTS (
      SELECT 1 FROM signal s
      WHERE s.unit = k.unit AND s.household = k.household AND s.person = k.person AND s.episode = k.episode
        AND s.episode <> 0 AND s.code = 'REF_NOSHOW' AND s.state IN ('open', 'acknowledged'))
)
SELECT h.household, h.head_name, h.village, h.landmark,
       r.person, p.given_name, p.family_name, p.birth_day, p.sex,
       r.what, r.code, r.class, r.state, r.episode, r.detail, r.number_1, r.number_2, r.day, r.since, r.escalated,
       COALESCE(u.rank, 99) AS rank
FROM reason r
JOIN home h ON h.household = r.household
LEFT JOIN urgency u ON u.class = r.class
LEFT JOIN person p ON p.unit = :unit AND p.household = r.household AND p.person = r.person
ORDER BY rank, r.day IS NOT NULL, r.day, h.head_name, r.person, r.code
