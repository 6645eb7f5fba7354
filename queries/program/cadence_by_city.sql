-- How many days ago was the last call-in of each city, and when is the next?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — the day it is told as of
-- Grain: city
-- Class: aggregate
-- Reads: call_ins
-- Protects: none

WITH supplied AS (
    SELECT
        city,
        position,
        last_day
    FROM SUPPLIED_CITIES(['call_ins'], CAST($as_of AS DATE), $city)
)

SELECT
    supplied.city,
    COUNT(*) FILTER (WHERE call_ins.held_on <= supplied.last_day) AS sessions,
    COUNT(*) FILTER (
        WHERE
        call_ins.held_on <= supplied.last_day
        AND call_ins.held_on > CAST(supplied.last_day - INTERVAL 1 YEAR AS DATE)
    ) AS sessions_12_months,
    COUNT(*) FILTER (
        WHERE
        call_ins.held_on IS NULL
        AND call_ins.scheduled_for <= supplied.last_day
        AND call_ins.scheduled_for > CAST(supplied.last_day - INTERVAL 1 YEAR AS DATE)
    ) AS not_held_12_months,
    MIN(call_ins.held_on) FILTER (WHERE call_ins.held_on <= supplied.last_day) AS first_held_on,
    MAX(call_ins.held_on) FILTER (WHERE call_ins.held_on <= supplied.last_day) AS last_held_on,
    supplied.last_day
    - MAX(call_ins.held_on) FILTER (WHERE call_ins.held_on <= supplied.last_day) AS days_since,
    MIN(call_ins.scheduled_for) FILTER (
        WHERE
        call_ins.scheduled_for > supplied.last_day
        AND COALESCE(call_ins.held_on > supplied.last_day, TRUE)
    ) AS next_scheduled_for,
    supplied.last_day
FROM supplied
LEFT JOIN call_ins ON supplied.city = call_ins.city
GROUP BY supplied.city, supplied.position, supplied.last_day
ORDER BY supplied.position
