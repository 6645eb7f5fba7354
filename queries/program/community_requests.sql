-- What did the community ask, how much of it was answered, and in how many days?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — the day it is told as of
--   since: date = null — the first day, or null for the twelve months to as_of
-- Grain: city, topic
-- Class: aggregate
-- Reads: community_requests
-- Protects: none
-- Numerator: answered
-- Denominator: asked

WITH spans AS (
    SELECT
        city,
        position,
        first_day,
        last_day
    FROM SUPPLIED_SPANS(
        ['community_requests'], CAST($as_of AS DATE), $city, CAST($since AS DATE)
    )
),

topics AS (
    SELECT
        UNNEST(['all', 'services', 'enforcement', 'information', 'youth', 'streets', 'other'])
            AS topic
),

asked AS (
    SELECT
        community_requests.city,
        community_requests.topic,
        spans.last_day - community_requests.asked_on AS age,
        CASE
            WHEN community_requests.answered_on <= spans.last_day
                THEN community_requests.answered_on - community_requests.asked_on
        END AS days
    FROM community_requests
    INNER JOIN spans
        ON
            community_requests.city = spans.city
            AND community_requests.asked_on >= spans.first_day
            AND community_requests.asked_on <= spans.last_day
)

SELECT
    spans.city,
    topics.topic,
    COUNT(asked.topic) AS asked,
    COUNT(asked.days) AS answered,
    COUNT(asked.topic) FILTER (WHERE asked.days IS NULL) AS unanswered,
    CAST(MEDIAN(asked.days) AS DOUBLE) AS median_days,
    MAX(asked.age) FILTER (WHERE asked.days IS NULL) AS oldest_unanswered_days,
    spans.first_day,
    spans.last_day
FROM spans
CROSS JOIN topics
LEFT JOIN asked
    ON spans.city = asked.city AND (topics.topic = 'all' OR topics.topic = asked.topic)
GROUP BY spans.city, spans.position, topics.topic, spans.first_day, spans.last_day
ORDER BY spans.position, (topics.topic <> 'all'), topics.topic
