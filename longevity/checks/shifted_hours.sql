-- {city} has more incidents {odd}.
-- Do: Are the times in UTC (time_zone = "UTC" in the mapping), local and marked Z or +00
--   (z_is_local = true), without AM and PM, or those of the report?
-- On: incidents.occurred_at
-- Severity: error, acceptable
-- Thresholds: least = 50, beyond_chance = 2
-- Found: more incidents from 5 to 10 in the morning than from 1 to 6 in the afternoon (local times
--   have a quarter), or by more than chance more from 10 to 3 around noon than from midnight to 5
--   (they have half), of fifty in both: the times are in UTC, lack AM and PM, or are of the report

WITH hours AS (
    SELECT city, HOUR(CAST(occurred_at AS TIMESTAMP)) AS of_day
    FROM incidents WHERE occurred_precision = 'minute' AND occurred_at IS NOT NULL
),
counts AS (
    SELECT
        city, COUNT(*) FILTER (of_day BETWEEN 5 AND 9) AS morning,
        COUNT(*) FILTER (of_day BETWEEN 13 AND 17) AS afternoon,
        COUNT(*) FILTER (of_day BETWEEN 10 AND 14) AS noon,
        COUNT(*) FILTER (of_day < 5) AS night
    FROM hours GROUP BY city
),
judged AS (
    SELECT
        *, morning > afternoon AND morning + afternoon >= $least AS is_early,
        -- Standard deviations of a difference of two counts.
        noon - night > $beyond_chance * SQRT(noon + night) AND noon + night >= $least AS is_late
    FROM counts
)
SELECT
    city, IF(
        is_early,
        FORMAT(
            'from 5 to 10 in the morning ({}) than from 1 to 6 in the afternoon ({})',
            morning, afternoon
        ),
        FORMAT(
            'from 10 in the morning to 3 in the afternoon ({}) than from midnight to 5 ({})',
            noon, night
        )
    ) AS odd
FROM judged
WHERE is_early OR is_late
