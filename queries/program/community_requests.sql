-- What did the community ask, and how much of it was answered?
-- Parameters: as_of, since
-- Grain: city, topic
-- Class: aggregate
-- Order: position, topic <> 'all', topic
-- Reads: community_requests
-- Share: answered of asked

SELECT
    spans.city,
    topics.topic,
    COUNT(requests.asked_on) AS asked,
    COUNT(*) FILTER (requests.answered_on <= $as_of) AS answered,
    asked - answered AS unanswered,
    spans.first_day,
    spans.last_day
FROM SUPPLIED_SPANS(['community_requests'], $as_of, $since) AS spans
CROSS JOIN
    UNNEST(['all', 'services', 'enforcement', 'information', 'youth', 'streets', 'other'])
        AS topics (topic)
LEFT JOIN community_requests AS requests
    ON
        spans.city = requests.city
        AND topics.topic IN ('all', requests.topic)
        AND requests.asked_on BETWEEN spans.first_day AND spans.last_day
GROUP BY ALL
