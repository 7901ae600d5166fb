-- The area's households, with the members' names to search by, one a line. Parameters: :unit, :area, :month.
-- row: HouseholdLine
-- field: members number
-- field: names string | null
-- field: visits number | null
SELECT h.household, h.head_name, h.village, h.landmark, h.phone,
       (SELECT COUNT(*) FROM person p WHERE p.unit = h.unit AND p.household = h.household AND p.state = 'here') AS members,
       (SELECT group_concat(TRIM(COALESCE(p.given_name, '') || ' ' || COALESCE(p.middle_name || ' ', '') || COALESCE(p.family_name, '')),
                            CHAR(10)) FROM person p
        WHERE p.unit = h.unit AND p.household = h.household AND p.state = 'here') AS names,
       (SELECT v.visits FROM visit_month v WHERE v.unit = h.unit AND v.household = h.household AND v.month = :month) AS visits
FROM household h
WHERE h.unit = :unit AND h.area = :area AND h.here = 1
ORDER BY h.head_name, h.household
