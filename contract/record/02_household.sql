-- household: each household as it is described now.
--
-- Whoever described an attribute last (by stamp) is believed; every statement stays in the ledger. A
-- correction counts from its original's stamp on. A household is here unless its last move led to
-- another unit; its area is where it last moved to within this unit, or else where it was registered.
-- Moves outrank registration, because nobody moves before being registered, whatever the clocks said.
--
-- Of a family that does not agree, or agrees no more, that its information is kept, only the head's name and
-- the village stay; it is visited for consent alone, until somebody states that it agrees.
--
-- Source: household fields of the national household register.
-- writes: household
-- facts: household.registered household.described household.moved
-- since: start
WITH said AS (
  SELECT f.unit, f.household, f.id, f.kind, f.area, f.occurred_day, f.stamp,
         o.ordinal, o.concept, o.number, o.code, o.text,
         MAX(CASE WHEN o.concept = 'to_unit' THEN CAST(FLOOR(o.number) AS BIGINT) END)
           OVER (PARTITION BY f.unit, f.id) AS to_unit
  FROM fact f
  LEFT JOIN observation o ON o.unit = f.unit AND o.event = f.source
),
ranked AS (
  SELECT said.*,
         ROW_NUMBER() OVER (
           PARTITION BY unit, household, concept ORDER BY stamp DESC, id DESC, ordinal DESC
         ) AS place,
         ROW_NUMBER() OVER (
           PARTITION BY unit, household, concept, CASE WHEN to_unit = unit THEN 1 ELSE 0 END
           ORDER BY stamp DESC, id DESC, ordinal DESC
         ) AS place_in_unit
  FROM said
),
described AS (
  SELECT unit, household,
         COALESCE(
           MAX(CASE WHEN concept = 'to_area' AND to_unit = unit AND place_in_unit = 1 THEN CAST(FLOOR(number) AS BIGINT) END),
           MAX(CASE WHEN kind = 'household.registered' THEN area END),
           0
         ) AS area,
         MAX(CASE WHEN concept = 'head_name' AND place = 1 THEN text END) AS head_name,
         MAX(CASE WHEN concept = 'village' AND place = 1 THEN text END) AS village,
         MAX(CASE WHEN concept = 'landmark' AND place = 1 THEN text END) AS landmark,
         MAX(CASE WHEN concept = 'household_phone' AND place = 1 THEN text END) AS phone,
         MIN(CASE WHEN kind = 'household.registered' THEN occurred_day END) AS registered_day,
         CASE
           WHEN MAX(CASE WHEN concept = 'to_unit' AND place = 1 THEN to_unit END) <> unit THEN 0
           ELSE 1
         END AS here,
         MAX(CASE WHEN concept = 'consent' AND place = 1 AND code IN ('refused', 'withdrawn') THEN occurred_day END) AS refused_day
  FROM ranked
  GROUP BY unit, household
  HAVING COUNT(CASE WHEN kind = 'household.registered' THEN 1 END) > 0
)
SELECT unit, household, area, head_name, village,
       CASE WHEN refused_day IS NULL THEN landmark END,
       CASE WHEN refused_day IS NULL THEN phone END,
       registered_day, here, refused_day
FROM described
