-- How many listings are overdue for review, due soon, or without a day of review?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — the day it is told as of
--   ahead_days: integer(0..1830) = 90 — how far ahead, in days
-- Grain: city
-- Class: aggregate
-- Of: lists_due_for_review
-- Order: position
-- Reads: people
-- Protects: overdue, due, no_day

SELECT
    listings.city,
    COUNT(*) FILTER (WHERE listings.status = 'overdue') AS overdue,
    COUNT(*) FILTER (WHERE listings.status = 'due') AS due,
    COUNT(*) FILTER (WHERE listings.status = 'no_day') AS no_day,
    COALESCE(
        -MIN(listings.days_left) FILTER (WHERE listings.status = 'overdue'), 0
    ) AS longest_overdue
FROM all_lists_due_for_review AS listings
GROUP BY listings.city
