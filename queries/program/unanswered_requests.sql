-- Which requests of the community are still unanswered, the oldest first, however long ago?
-- Parameters: as_of
-- Grain: city, request_id
-- Class: named
-- Order: asked_on, position, request_id
-- Reads: community_requests

SELECT
    requests.city,
    requests.request_id,
    requests.topic,
    requests.asked_on,
    supplied.last_day - requests.asked_on AS days_unanswered,
    supplied.last_day
FROM community_requests AS requests
INNER JOIN SUPPLIED_CITIES(['community_requests'], $as_of) AS supplied USING (city)
WHERE
    requests.asked_on <= supplied.last_day
    AND COALESCE(requests.answered_on > $as_of, TRUE)
