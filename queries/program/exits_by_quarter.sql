-- How many members came home from custody in each quarter, and how many were met?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — the day it is told as of
--   since: date = 1900-01-01 — the first day, of the last twelve quarters at most
--   within_hours: integer(0..720) = threshold greeted_within_hours — hours, as whole days
-- Grain: city, quarter, outcome
-- Class: aggregate
-- Of: exits_from_custody
-- Reads: releases_from_custody, people
-- Protects: exits

WITH ends AS (
    SELECT MIN(LEAST(CAST($as_of AS DATE), data_through.day)) AS last_day
    FROM data_through
    INNER JOIN cities ON data_through.city = CAST(cities.city AS VARCHAR)
    WHERE
        data_through.extract IN ('releases_from_custody', 'people')
        AND ($city IS NULL OR data_through.city = $city)
)

SELECT
    cities.city,
    CAST(DATE_TRUNC('quarter', all_exits_from_custody.released_on) AS DATE) AS quarter,
    all_exits_from_custody.outcome,
    COUNT(*) AS exits
FROM all_exits_from_custody
INNER JOIN cities ON all_exits_from_custody.city = CAST(cities.city AS VARCHAR)
CROSS JOIN ends
WHERE
    all_exits_from_custody.released_on
    >= DATE_TRUNC('quarter', ends.last_day) - INTERVAL 33 MONTH
GROUP BY cities.city, cities.position, quarter, all_exits_from_custody.outcome
ORDER BY cities.position, quarter, all_exits_from_custody.outcome
