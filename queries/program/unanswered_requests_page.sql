-- Which requests of the community are still unanswered, the oldest first, however long ago?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — the day it is told as of
--   rows: integer(1..1000) = 100 — how many a page
--   page: integer(1..1000000) = 1 — which page
-- Grain: city, request_id
-- Class: named
-- Of: unanswered_requests
-- Reads: community_requests
-- Protects: none
-- Used by: Coming home

SELECT
    all_unanswered_requests.city,
    all_unanswered_requests.request_id,
    all_unanswered_requests.topic,
    all_unanswered_requests.asked_on,
    all_unanswered_requests.days_unanswered,
    all_unanswered_requests.last_day,
    CAST(COUNT(*) OVER () AS BIGINT) AS of_all
FROM all_unanswered_requests
INNER JOIN cities ON all_unanswered_requests.city = cities.city
QUALIFY
    CEIL(
        ROW_NUMBER() OVER (
            ORDER BY
                all_unanswered_requests.asked_on ASC,
                cities.position ASC,
                all_unanswered_requests.request_id ASC
        ) / $rows
    ) = $page
ORDER BY
    all_unanswered_requests.asked_on ASC,
    cities.position ASC,
    all_unanswered_requests.request_id ASC
