-- How many members came home from custody in each quarter, and how many were met?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — the day it is told as of
--   since: date = 1900-01-01 — the first day, of the last twelve quarters at most
--   within_hours: integer(0..720) = threshold greeted_within_hours — hours, as whole days
-- Grain: city, quarter, outcome
-- Class: aggregate
-- Of: exits_from_custody
-- Order: position, quarter, outcome
-- Reads: releases_from_custody, people
-- Protects: exits

WITH ends AS (
    SELECT MIN(LEAST($as_of, data_through.day)) AS last_day
    FROM data_through
    WHERE
        data_through.extract IN ('releases_from_custody', 'people')
        AND ($city IS NULL OR data_through.city = $city)
)

SELECT
    exits.city,
    CAST(DATE_TRUNC('quarter', exits.released_on) AS DATE) AS quarter,
    exits.outcome,
    COUNT(*) AS exits
FROM all_exits_from_custody AS exits
CROSS JOIN ends
WHERE exits.released_on >= DATE_TRUNC('quarter', ends.last_day) - INTERVAL 33 MONTH
GROUP BY ALL
