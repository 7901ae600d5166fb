-- finding: every single value of a concept that the pack keeps, one row a statement.
--
-- For what needs no table of its own: rules, tasks, indicators and the pages read such values here. Only
-- concepts marked `kept` in the pack's concepts.csv are held (:kept stands for their names), so that the
-- table grows with what is asked of it and not with what is stated. A value stands under the day on which
-- its event happened; of several about the same thing the one with the latest stamp is believed. Of who does not agree that
-- more is kept, and of a family that does not, there is none.
--
-- writes: finding
-- facts: household.registered household.described person.registered person.described assessment.recorded pregnancy.registered pregnancy.ended
-- reads: household person
-- since: day
SELECT f.unit, f.household, f.occurred_day, COALESCE(o.person, f.person, 0), f.id, o.ordinal, o.concept,
       o.number, o.code, o.text, f.stamp
FROM fresh f
LEFT JOIN observation o ON o.unit = f.unit AND o.event = f.source AND o.concept IN (:kept)
LEFT JOIN household h ON h.unit = f.unit AND h.household = f.household
LEFT JOIN person p ON p.unit = f.unit AND p.household = f.household AND p.person = COALESCE(o.person, f.person)
WHERE COALESCE(o.concept, '') <> '' AND h.refused_day IS NULL AND p.refused_day IS NULL
