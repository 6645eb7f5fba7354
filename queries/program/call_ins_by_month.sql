-- How many call-ins were held, missed and planned in each month of the last years?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — the day it is told as of
--   years: integer(1..20) = 3 — how many back, from the first of the month of the last day
-- Grain: city, month, status
-- Class: aggregate
-- Of: call_in_sessions
-- Order: position, month, status
-- Reads: call_ins, invitations
-- Protects: none

WITH since AS (
    -- The last day is the least of the cities asked about.
    SELECT CAST(DATE_TRUNC('month', MIN(last_day)) - TO_YEARS($years) AS DATE) AS day
    FROM SUPPLIED_CITIES(['call_ins'], $as_of, $city)
)

SELECT
    sessions.city,
    CAST(
        DATE_TRUNC('month', COALESCE(sessions.held_on, sessions.scheduled_for)) AS DATE
    ) AS month,
    sessions.status,
    COUNT(*) AS sessions
FROM all_call_in_sessions AS sessions
CROSS JOIN since
WHERE COALESCE(sessions.held_on, sessions.scheduled_for) >= since.day
GROUP BY ALL
