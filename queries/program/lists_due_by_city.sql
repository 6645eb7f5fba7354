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
    CAST(COUNT(*) FILTER (WHERE all_lists_due_for_review.status = 'overdue') AS BIGINT) AS overdue,
    CAST(COUNT(*) FILTER (WHERE all_lists_due_for_review.status = 'due') AS BIGINT) AS due,
    CAST(COUNT(*) FILTER (WHERE all_lists_due_for_review.status = 'no_day') AS BIGINT) AS no_day,
    CAST(
        COALESCE(
            -MIN(all_lists_due_for_review.days_left) FILTER (
                WHERE all_lists_due_for_review.status = 'overdue'
            ), 0
        ) AS BIGINT
    ) AS longest_overdue
FROM all_lists_due_for_review
INNER JOIN cities ON all_lists_due_for_review.city = CAST(cities.city AS VARCHAR)
GROUP BY cities.city, cities.position
ORDER BY cities.position
