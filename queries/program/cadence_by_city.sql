-- How many days ago was the last call-in of each city, and when is the next?
-- Parameters: as_of
-- Grain: city
-- Class: aggregate
-- Reads: call_ins

SELECT
    spans.city,
    COUNT(*) FILTER (held.held_on <= spans.last_day) AS sessions,
    spans.zero + COUNT(*) FILTER (held_on BETWEEN first_day AND last_day) AS sessions_12_months,
    spans.zero + COUNT(*) FILTER (
        held_on IS NULL AND scheduled_for BETWEEN first_day AND last_day
    ) AS not_held_12_months,
    spans.last_day - MAX(held.held_on) FILTER (held.held_on <= spans.last_day) AS days_since,
    MIN(held.scheduled_for) FILTER (
        held.scheduled_for > spans.last_day AND COALESCE(held.held_on > spans.last_day, TRUE)
    ) AS next_scheduled_for,
    spans.last_day
FROM TWELVE_MONTHS('call_ins', $as_of) AS spans
LEFT JOIN call_ins AS held USING (city)
GROUP BY spans.city, spans.zero, spans.last_day
