-- What did the community ask, how much of it was answered, and in how many days?
-- Parameters: city, as_of, since
-- Grain: city, topic
-- Class: aggregate
-- Order: position, topic <> 'all', topic
-- Reads: community_requests
-- Protects: none
-- Numerator: answered
-- Denominator: asked

WITH spans AS (
    FROM SUPPLIED_SPANS(['community_requests'], $as_of, $city, $since)
),

requests AS (
    SELECT
        community_requests.city,
        community_requests.topic,
        spans.last_day - community_requests.asked_on AS age,
        CASE
            WHEN community_requests.answered_on <= spans.last_day
                THEN community_requests.answered_on - community_requests.asked_on
        END AS days
    FROM community_requests
    INNER JOIN spans USING (city)
    WHERE
        community_requests.asked_on >= spans.first_day
        AND community_requests.asked_on <= spans.last_day
)

SELECT
    spans.city,
    topics.topic,
    COUNT(requests.topic) AS asked,
    COUNT(requests.days) AS answered,
    COUNT(requests.topic) FILTER (WHERE requests.days IS NULL) AS unanswered,
    CAST(MEDIAN(requests.days) AS DOUBLE) AS median_days,
    MAX(requests.age) FILTER (WHERE requests.days IS NULL) AS oldest_unanswered_days,
    spans.first_day,
    spans.last_day
FROM spans
CROSS JOIN
    UNNEST(['all', 'services', 'enforcement', 'information', 'youth', 'streets', 'other'])
        AS topics (topic)
LEFT JOIN requests
    ON spans.city = requests.city AND (topics.topic = 'all' OR topics.topic = requests.topic)
GROUP BY ALL
