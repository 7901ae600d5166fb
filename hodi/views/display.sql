-- What the sections of a person's and a household's page need besides their own statements.

-- name: refuses
-- A row if a person, or her family, does not agree that more is kept of her.
SELECT h.household
FROM household h
LEFT JOIN person p ON p.unit = h.unit AND p.household = h.household AND p.person = :person
WHERE h.unit = :unit AND h.household = :household AND COALESCE(h.refused_day, p.refused_day) IS NOT NULL;

-- name: latest_findings
-- The latest finding of each concept about a person (0 = the household itself).
SELECT ranked.concept, ranked.number, ranked.code, ranked.text
FROM (
  SELECT f.concept, f.number, f.code, f.text,
         ROW_NUMBER() OVER (PARTITION BY f.concept ORDER BY f.stamp DESC, f.event DESC, f.ordinal DESC) AS place
  FROM finding f
  WHERE f.unit = :unit AND f.household = :household AND f.person = :person
) ranked
WHERE ranked.place = 1;
