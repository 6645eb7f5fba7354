-- {city} has {odd}.
-- Do: Are the times in UTC (time_zone = "UTC" in the mapping), local and marked Z or +00
--   (z_is_local = true), without AM and PM, or those of the report?
-- On: incidents.occurred_at (a time)
-- Severity: error, acceptable
-- Of: real data
-- Found: more incidents from 5 to 10 in the morning than from 1 to 6 in the afternoon, or (by more
--   than chance) from 10 to 3 around noon than from midnight to 5, of fifty in both: times in UTC,
--   local times taken for UTC, without AM and PM, or of the report. Of made-up shootings four times
--   as many are in those hours of the afternoon as of the morning; five hours off, it is half as
--   many. After midnight are twice as many as around noon; of local times that were taken for UTC,
--   half as many

WITH timed AS (
    SELECT city, HOUR(CAST(occurred_at AS TIMESTAMP)) AS of_day
    FROM incidents WHERE occurred_precision = 'minute' AND occurred_at IS NOT NULL
),
counts AS (
    SELECT cities.city, hours.of_day, COUNT(timed.city) AS here
    FROM cities CROSS JOIN RANGE(24) AS hours (of_day)
    LEFT JOIN timed ON timed.city = cities.city AND timed.of_day = hours.of_day
    GROUP BY ALL
)
-- The rule is in Python: import asks it of both readings of a time.
SELECT city, DESCRIBE_ODD_HOURS(LIST(here ORDER BY of_day)) AS odd
FROM counts
GROUP BY city
HAVING odd IS NOT NULL
