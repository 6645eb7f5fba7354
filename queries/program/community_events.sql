-- Which events were held with the community, and how many people came?
-- Parameters: as_of, since
-- Grain: city, kind
-- Class: aggregate
-- Reads: community_events
-- Protects: attendance

SELECT
    spans.city,
    kinds.kind,
    COUNT(events.event_id) AS events,
    COALESCE(SUM(events.attendance), 0) AS attendance,
    COUNT(events.attendance) AS attendance_known,
    COUNT(events.event_id) FILTER (events.attendance IS NULL) AS attendance_unknown,
    spans.first_day,
    spans.last_day
FROM SUPPLIED_SPANS(['community_events'], $as_of, $since) AS spans
CROSS JOIN UNNEST(['vigil', 'forum', 'outreach', 'training', 'other']) AS kinds (kind)
LEFT JOIN community_events AS events
    ON
        spans.city = events.city
        AND kinds.kind = events.kind
        AND events.held_on BETWEEN spans.first_day AND spans.last_day
GROUP BY ALL
