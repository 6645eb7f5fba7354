-- How many days ago was the last call-in of each city, and when is the next?
-- Parameters: city, as_of
-- Grain: city
-- Class: aggregate
-- Order: position
-- Reads: call_ins
-- Protects: none

SELECT
    spans.city,
    COUNT(*) FILTER (WHERE call_ins.held_on <= spans.last_day) AS sessions,
    COUNT(*) FILTER (
        WHERE call_ins.held_on >= spans.first_day AND call_ins.held_on <= spans.last_day
    ) AS sessions_12_months,
    COUNT(*) FILTER (
        WHERE
        call_ins.held_on IS NULL
        AND call_ins.scheduled_for >= spans.first_day
        AND call_ins.scheduled_for <= spans.last_day
    ) AS not_held_12_months,
    MIN(call_ins.held_on) FILTER (WHERE call_ins.held_on <= spans.last_day) AS first_held_on,
    MAX(call_ins.held_on) FILTER (WHERE call_ins.held_on <= spans.last_day) AS last_held_on,
    spans.last_day - last_held_on AS days_since,
    MIN(call_ins.scheduled_for) FILTER (
        WHERE
        call_ins.scheduled_for > spans.last_day
        AND COALESCE(call_ins.held_on > spans.last_day, TRUE)
    ) AS next_scheduled_for,
    spans.last_day
FROM SUPPLIED_SPANS(['call_ins'], $as_of, $city, NULL) AS spans
LEFT JOIN call_ins USING (city)
GROUP BY spans.city, spans.last_day
