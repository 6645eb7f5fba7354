-- How many days ago was the last call-in of each city, and when is the next?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — the day it is told as of
-- Grain: city
-- Class: aggregate
-- Reads: call_ins
-- Protects: none

WITH through AS (
    SELECT
        data_through.city,
        MIN(data_through.day) AS day
    FROM data_through
    WHERE data_through.extract IN ('call_ins')
    GROUP BY data_through.city
    -- A city that did not hand over all of this has no rows: nothing is known, not zero.
    HAVING COUNT(*) = 1
),

told AS (
    SELECT
        CAST(cities.city AS VARCHAR) AS city,
        cities.position,
        LEAST(CAST($as_of AS DATE), through.day) AS last_day
    FROM cities
    INNER JOIN through ON CAST(cities.city AS VARCHAR) = through.city
    WHERE $city IS NULL OR CAST(cities.city AS VARCHAR) = $city
)

SELECT
    told.city,
    CAST(COUNT(*) FILTER (WHERE call_ins.held_on <= told.last_day) AS BIGINT) AS sessions,
    CAST(
        COUNT(*) FILTER (
            WHERE
            call_ins.held_on <= told.last_day
            AND call_ins.held_on > CAST(told.last_day - INTERVAL 1 YEAR AS DATE)
        ) AS BIGINT
    ) AS sessions_12_months,
    CAST(
        COUNT(*) FILTER (
            WHERE
            call_ins.held_on IS NULL
            AND call_ins.scheduled_for <= told.last_day
            AND call_ins.scheduled_for > CAST(told.last_day - INTERVAL 1 YEAR AS DATE)
        ) AS BIGINT
    ) AS not_held_12_months,
    MIN(call_ins.held_on) FILTER (WHERE call_ins.held_on <= told.last_day) AS first_held_on,
    MAX(call_ins.held_on) FILTER (WHERE call_ins.held_on <= told.last_day) AS last_held_on,
    CAST(
        told.last_day
        - MAX(call_ins.held_on) FILTER (WHERE call_ins.held_on <= told.last_day) AS BIGINT
    ) AS days_since,
    MIN(call_ins.scheduled_for) FILTER (
        WHERE
        call_ins.scheduled_for > told.last_day
        AND COALESCE(call_ins.held_on > told.last_day, TRUE)
    ) AS next_scheduled_for,
    told.last_day
FROM told
LEFT JOIN call_ins ON told.city = call_ins.city
GROUP BY told.city, told.position, told.last_day
ORDER BY told.position
