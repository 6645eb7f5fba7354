-- How many listings are overdue for review, due soon, or without a day of review?
-- Grain: city
-- Class: aggregate
-- Of: lists_due_for_review
-- Protects: overdue, due, no_day

SELECT
    listings.city,
    COUNT(*) FILTER (listings.status = 'overdue') AS overdue,
    COUNT(*) FILTER (listings.status = 'due') AS due,
    COUNT(*) FILTER (listings.status = 'no_day') AS no_day,
    COALESCE(-MIN(listings.days_left) FILTER (listings.status = 'overdue'), 0) AS longest_overdue
FROM all_lists_due_for_review AS listings
GROUP BY listings.city
