-- How many listings are overdue for review, due soon, or without a day of review?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — the day it is told as of
--   ahead_days: integer(0..1830) = 90 — how far ahead, in days
-- Grain: city
-- Class: aggregate
-- Of: lists_due_for_review
-- Reads: people
-- Protects: overdue, due, no_day

SELECT
    cities.city,
    COUNT(*) FILTER (WHERE all_lists_due_for_review.status = 'overdue') AS overdue,
    COUNT(*) FILTER (WHERE all_lists_due_for_review.status = 'due') AS due,
    COUNT(*) FILTER (WHERE all_lists_due_for_review.status = 'no_day') AS no_day,
    COALESCE(
        -MIN(all_lists_due_for_review.days_left) FILTER (
            WHERE all_lists_due_for_review.status = 'overdue'
        ), 0
    ) AS longest_overdue
FROM all_lists_due_for_review
INNER JOIN cities ON all_lists_due_for_review.city = CAST(cities.city AS VARCHAR)
GROUP BY cities.city, cities.position
ORDER BY cities.position
