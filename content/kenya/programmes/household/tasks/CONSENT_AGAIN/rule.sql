-- CONSENT_AGAIN: ask a family again that did not agree that its health information is kept.
--
-- :consent_again_days after it refused, and late :consent_again_late_days after that; each refusal counts from its own
-- day. It is the only task of such a household.
--
-- Source: a family may say no, and may change its mind; the days are Hodi's design.
-- from: household
SELECT h.unit, h.household, 0 AS person, h.refused_day AS episode,
       h.refused_day + :consent_again_days AS opens_day,
       h.refused_day + :consent_again_days AS due_day,
       h.refused_day + :consent_again_days + :consent_again_late_days + 1 AS overdue_day,
       h.refused_day + :consent_again_days + :consent_again_open_days AS closes_day,
       CAST(NULL AS INTEGER) AS done_day,
       'again' AS detail,
       h.refused_day + :consent_again_days + :consent_again_open_days + 1 AS until_day
FROM household h
WHERE h.refused_day + :consent_again_days + :consent_again_open_days >= :today
