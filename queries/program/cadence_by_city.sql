-- How many days ago was the last call-in of each city, and when is the next?
-- Parameters: as_of
-- Grain: city
-- Class: aggregate
-- Reads: call_ins

WITH spans AS (
    SELECT
        *,
        CAST(last_day - INTERVAL 1 YEAR AS DATE) + 1 AS first_day,
        -- Where the file begins within them, how many there were in twelve months is not known.
        ZERO_SINCE(city, 'call_ins', first_day) AS zero
    FROM SUPPLIED_CITIES(['call_ins'], $as_of)
)

SELECT
    spans.city,
    COUNT(*) FILTER (held.held_on <= spans.last_day) AS sessions,
    spans.zero + COUNT(*) FILTER (held.held_on BETWEEN spans.first_day AND spans.last_day)
        AS sessions_12_months,
    spans.zero + COUNT(*) FILTER (
        held.held_on IS NULL AND held.scheduled_for BETWEEN spans.first_day AND spans.last_day
    ) AS not_held_12_months,
    spans.last_day - MAX(held.held_on) FILTER (held.held_on <= spans.last_day) AS days_since,
    MIN(held.scheduled_for) FILTER (
        held.scheduled_for > spans.last_day AND COALESCE(held.held_on > spans.last_day, TRUE)
    ) AS next_scheduled_for,
    spans.last_day
FROM spans
LEFT JOIN call_ins AS held USING (city)
GROUP BY spans.city, spans.zero, spans.last_day
