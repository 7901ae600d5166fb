-- What a form may know where the pack, of the first form model, brings no queries of its own.

-- name: household
-- The household.
SELECT head_name, village, latrine, handwashing, treated_water, insured FROM household
WHERE unit = :unit AND household = :household;

-- name: person
-- The person.
SELECT given_name, middle_name, family_name,
  CASE WHEN given_name IS NULL THEN family_name WHEN family_name IS NULL THEN given_name
       ELSE given_name || ' ' || family_name END AS full_name,
  sex, birth_day, birth_estimated, relationship, disability FROM person
WHERE unit = :unit AND household = :household AND person = :person;

-- name: pregnancy
-- Her open pregnancy.
SELECT pregnancy, lmp_day, edd_day, contacts, last_contact_day, next_contact_day, high_risk, registered_day FROM pregnancy
WHERE unit = :unit AND household = :household AND person = :person AND ended_day IS NULL
ORDER BY registered_day DESC LIMIT 1;

-- name: growth
-- The last measurement.
SELECT day AS last_growth_day, weight_kg AS last_weight_kg, muac_mm AS last_muac_mm, length_cm AS last_length_cm, colour AS last_colour
FROM growth
WHERE unit = :unit AND household = :household AND person = :person
ORDER BY day DESC LIMIT 1;
