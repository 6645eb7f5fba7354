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

WITH supplied AS (
    SELECT
        city,
        position,
        last_day
    FROM SUPPLIED_CITIES(['community_requests'], CAST($as_of AS DATE), $city)
)

SELECT
    community_requests.city,
    community_requests.request_id,
    community_requests.topic,
    community_requests.asked_on,
    supplied.last_day - community_requests.asked_on AS days_unanswered,
    supplied.last_day
FROM community_requests
INNER JOIN supplied ON community_requests.city = supplied.city
WHERE
    community_requests.asked_on <= supplied.last_day
    AND COALESCE(community_requests.answered_on > supplied.last_day, TRUE)
