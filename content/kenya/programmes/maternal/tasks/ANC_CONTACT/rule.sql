-- ANC_CONTACT: see a pregnant woman after the day on which she was due at the clinic.
--
-- The day is the appointment that the clinic gave, or else the first of the schedule that lies more than
-- :anc_missed_early_days after her last contact, as in ANC_MISSED. The promoter asks about it
-- :anc_contact_after_days later; she is late from :anc_contact_late_days after that on.
--
-- Source: windows of the national community health system (next antenatal date and three days, five days
-- late); that the window stays open for :anc_contact_open_days is Hodi's design, so that a week off hides nothing.
-- from: pregnancy
WITH pregnant AS (
  SELECT p.unit, p.household, p.person, p.pregnancy, p.next_contact_day,
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
  SELECT p.unit, p.household, p.person, p.pregnancy, p.next_contact_day, p.start_day,
         COALESCE(
           p.next_contact_day,
           (SELECT MIN(p.start_day + 7 * a.week)
            FROM antenatal_schedule a
            WHERE p.start_day + 7 * a.week > p.seen_day + :anc_missed_early_days)
         ) AS clinic_day
  FROM pregnant p
)
SELECT unit, household, person, pregnancy AS episode,
       clinic_day AS opens_day,
       clinic_day + :anc_contact_after_days AS due_day,
       clinic_day + :anc_contact_after_days + :anc_contact_late_days + 1 AS overdue_day,
       clinic_day + :anc_contact_after_days + :anc_contact_open_days AS closes_day,
       CAST(NULL AS INTEGER) AS done_day,
       CASE WHEN next_contact_day IS NULL THEN 'schedule' ELSE 'appointment' END AS detail,
       start_day + 7 * :anc_missed_close_weeks AS until_day
FROM due
WHERE clinic_day IS NOT NULL
