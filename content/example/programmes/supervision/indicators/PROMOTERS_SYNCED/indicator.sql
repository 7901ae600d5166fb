-- PROMOTERS_SYNCED: of the areas with a promoter, those whose phone completed a sync in the last :silent_days
-- days.
--
-- Source: our own design for the example.
-- from: promoter
SELECT p.unit, p.area,
       CASE WHEN p.last_sync_at > :now - 86400000 * CAST(FLOOR(:silent_days) AS BIGINT) THEN 1 ELSE 0 END AS numerator,
       1 AS denominator,
       CAST(NULL AS INTEGER) AS day,
       p.last_sync_at AS done_at
FROM promoter p
