-- Which events were held with the community, and how many people came?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — the day it is told as of
--   since: date = null — the first day, or null for the twelve months to as_of
-- Grain: city, kind
-- Class: aggregate
-- Reads: community_events
-- Protects: attendance

WITH spans AS (
    SELECT
        city,
        position,
        first_day,
        last_day
    FROM SUPPLIED_SPANS(
        ['community_events'], CAST($as_of AS DATE), $city, CAST($since AS DATE)
    )
),

kinds AS (
    SELECT UNNEST(['vigil', 'forum', 'outreach', 'training', 'other']) AS kind
),

held AS (
    SELECT
        community_events.city,
        community_events.event_id,
        community_events.kind,
        community_events.attendance
    FROM community_events
    INNER JOIN spans
        ON
            community_events.city = spans.city
            AND community_events.held_on >= spans.first_day
            AND community_events.held_on <= spans.last_day
)

SELECT
    spans.city,
    kinds.kind,
    COUNT(held.event_id) AS events,
    COALESCE(SUM(held.attendance), 0) AS attendance,
    COUNT(held.event_id) FILTER (WHERE held.attendance IS NULL) AS attendance_unknown,
    spans.first_day,
    spans.last_day
FROM spans
CROSS JOIN kinds
LEFT JOIN held ON spans.city = held.city AND kinds.kind = held.kind
GROUP BY spans.city, spans.position, kinds.kind, spans.first_day, spans.last_day
ORDER BY spans.position, kinds.kind
