-- What forms may know of a pregnancy before they ask.

-- name: pregnancy
-- about: person
-- Her open pregnancy; the one registered last, if there are several.
SELECT pregnancy, lmp_day, edd_day, (:today - lmp_day) / 7 AS pregnancy_weeks, contacts, last_contact_day,
  next_contact_day, high_risk, registered_day
FROM pregnancy
WHERE unit = :unit AND household = :household AND person = :person AND ended_day IS NULL
ORDER BY registered_day DESC, pregnancy DESC;
