-- How many call-ins were held, missed and planned in each month of the last years?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — the day it is told as of
--   years: integer(1..20) = 3 — how many back, from the first of the month of the last day
-- Grain: city, month, status
-- Class: aggregate
-- Of: call_in_sessions
-- Reads: call_ins, invitations
-- Protects: none

WITH since AS (
    -- The last day is the least of the cities asked about.
    SELECT
        CAST(
            DATE_TRUNC('month', MIN(LEAST(CAST($as_of AS DATE), data_through.day)))
            - TO_YEARS(CAST($years AS INTEGER)) AS DATE
        ) AS day
    FROM data_through
    INNER JOIN cities ON data_through.city = CAST(cities.city AS VARCHAR)
    WHERE data_through.extract = 'call_ins' AND ($city IS NULL OR data_through.city = $city)
)

SELECT
    cities.city,
    CAST(
        DATE_TRUNC(
            'month', COALESCE(all_call_in_sessions.held_on, all_call_in_sessions.scheduled_for)
        ) AS DATE
    ) AS month,
    all_call_in_sessions.status,
    COUNT(*) AS sessions
FROM all_call_in_sessions
INNER JOIN cities ON all_call_in_sessions.city = CAST(cities.city AS VARCHAR)
CROSS JOIN since
WHERE COALESCE(all_call_in_sessions.held_on, all_call_in_sessions.scheduled_for) >= since.day
GROUP BY cities.city, cities.position, month, all_call_in_sessions.status
ORDER BY cities.position, month, all_call_in_sessions.status
