-- ANC_MISSED: an antenatal contact is overdue, or there has been none at all.
--
-- A contact is due on the appointment that the clinic gave, or else on the first day of the schedule
-- (care/antenatal_schedule.csv) that lies more than :anc_missed_early_days after the last contact: a contact may
-- be that much early and still count for its week. It is missed when :anc_missed_late_days have passed since then.
-- Without any contact, :anc_missed_none_weeks completed weeks are the limit at the latest. Weeks count from :pregnancy_days
-- days before the expected day of delivery. From :anc_missed_close_weeks on a pregnancy is to be closed, not chased.
-- Risk (a danger sign or raised blood pressure in this pregnancy) makes it a priority.
--
-- Source: eight contacts of WHO's recommendations on antenatal care 2016, as in the national handbook;
-- tolerance of seven days and the limit of 16 weeks are Hodi's design.
-- from: pregnancy
WITH pregnant AS (
  SELECT p.unit, p.household, p.person, p.pregnancy, p.contacts, p.high_risk, p.next_contact_day,
         p.edd_day - :pregnancy_days AS start_day,
         COALESCE(
           p.last_contact_day,
           CASE WHEN p.contacts > 0 THEN p.registered_day ELSE p.edd_day - :pregnancy_days END
         ) AS seen_day
  FROM pregnancy p
  LEFT JOIN person w ON w.unit = p.unit AND w.household = p.household AND w.person = p.person
  WHERE COALESCE(w.state, '') = 'here'
    AND p.ended_day IS NULL
    AND :today < p.edd_day - :pregnancy_days + 7 * :anc_missed_close_weeks
),
due AS (
  SELECT p.unit, p.household, p.person, p.pregnancy, p.contacts, p.high_risk, p.next_contact_day, p.start_day,
         COALESCE(
           p.next_contact_day,
           (SELECT MIN(p.start_day + 7 * a.week)
            FROM antenatal_schedule a
            WHERE p.start_day + 7 * a.week > p.seen_day + :anc_missed_early_days)
         ) AS due_day,
         CASE WHEN p.contacts = 0 AND :today >= p.start_day + 7 * :anc_missed_none_weeks THEN 1 ELSE 0 END AS none_at_all
  FROM pregnant p
),
judged AS (
  SELECT due.*,
         CASE WHEN none_at_all = 1 OR :today > due_day + :anc_missed_late_days THEN 1 ELSE 0 END AS missed
  FROM due
)
SELECT unit, household, person, pregnancy AS episode,
       CASE high_risk WHEN 1 THEN 'priority' ELSE 'routine' END AS class,
       COALESCE(due_day, start_day + 7 * :anc_missed_none_weeks) AS first_day,
       CASE none_at_all
         WHEN 1 THEN start_day + 7 * :anc_missed_none_weeks
         ELSE due_day + :anc_missed_late_days + 1
       END AS last_day,
       pregnancy AS first_event, pregnancy AS last_event,
       CASE
         WHEN none_at_all = 1 THEN 'none'
         WHEN next_contact_day IS NOT NULL THEN 'appointment'
         ELSE 'contact'
       END AS detail,
       (:today - start_day) / 7 AS number_1,
       :today - due_day AS number_2,
       0 AS escalated,
       missed AS holds,
       CASE
         -- Tomorrow it counts another day.
         WHEN missed = 1 THEN :today + 1
         WHEN due_day + :anc_missed_late_days < start_day + 7 * :anc_missed_none_weeks OR contacts > 0
           THEN due_day + :anc_missed_late_days + 1
         ELSE start_day + 7 * :anc_missed_none_weeks
       END AS until_day
FROM judged
