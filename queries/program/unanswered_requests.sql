-- Which requests of the community are still unanswered, the oldest first, however long ago?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — the day it is told as of
-- Grain: city, request_id
-- Class: named
-- Order: asked_on, position, request_id
-- Pages: 100 rows
-- Reads: community_requests
-- Protects: none

WITH through AS (
    SELECT
        data_through.city,
        MIN(data_through.day) AS day
    FROM data_through
    WHERE data_through.extract IN ('community_requests')
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
    community_requests.city,
    community_requests.request_id,
    community_requests.topic,
    community_requests.asked_on,
    CAST(told.last_day - community_requests.asked_on AS BIGINT) AS days_unanswered,
    told.last_day
FROM community_requests
INNER JOIN told ON community_requests.city = told.city
WHERE
    community_requests.asked_on <= told.last_day
    AND COALESCE(community_requests.answered_on > told.last_day, TRUE)
