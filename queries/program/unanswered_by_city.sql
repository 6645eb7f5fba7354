-- How many requests of the community are unanswered in each city, and since when is the oldest?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — the day it is told as of
-- Grain: city
-- Class: aggregate
-- Of: unanswered_requests
-- Reads: community_requests
-- Protects: none

SELECT
    cities.city,
    COUNT(*) AS waiting,
    COUNT(*) FILTER (WHERE all_unanswered_requests.days_unanswered <= 365) AS within_a_year,
    MIN(all_unanswered_requests.asked_on) AS oldest_asked_on,
    MAX(all_unanswered_requests.days_unanswered) AS oldest_days
FROM all_unanswered_requests
INNER JOIN cities ON all_unanswered_requests.city = CAST(cities.city AS VARCHAR)
GROUP BY cities.city, cities.position
ORDER BY cities.position
