-- Which events were held with the community, and how many people came?
-- Parameters: city, as_of, since
-- Grain: city, kind
-- Class: aggregate
-- Order: position, kind
-- Reads: community_events
-- Protects: attendance

SELECT
    spans.city,
    kinds.kind,
    COUNT(events.event_id) AS events,
    COALESCE(SUM(events.attendance), 0) AS attendance,
    COUNT(events.event_id) FILTER (WHERE events.attendance IS NULL) AS attendance_unknown,
    spans.first_day,
    spans.last_day
FROM SUPPLIED_SPANS(['community_events'], $as_of, $city, $since) AS spans
CROSS JOIN UNNEST(['vigil', 'forum', 'outreach', 'training', 'other']) AS kinds (kind)
LEFT JOIN community_events AS events
    ON
        spans.city = events.city
        AND kinds.kind = events.kind
        AND spans.first_day <= events.held_on
        AND spans.last_day >= events.held_on
GROUP BY ALL
