-- How many requests of the community are unanswered in each city, and since when is the oldest?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — the day it is told as of
-- Grain: city
-- Class: aggregate
-- Of: unanswered_requests
-- Order: position
-- Reads: community_requests
-- Protects: none

SELECT
    requests.city,
    COUNT(*) AS waiting,
    COUNT(*) FILTER (WHERE requests.days_unanswered <= 365) AS within_a_year,
    MIN(requests.asked_on) AS oldest_asked_on,
    MAX(requests.days_unanswered) AS oldest_days
FROM all_unanswered_requests AS requests
GROUP BY requests.city
