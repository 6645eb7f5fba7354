-- Which listings must be reviewed soon, are overdue, or have no day of review?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — the day it is told as of
--   ahead_days: integer(0..1830) = 90 — how far ahead, in days
--   rows: integer(1..1000) = 100 — how many a page
--   page: integer(1..1000000) = 1 — which page
-- Grain: city, person_id
-- Class: named
-- Of: lists_due_for_review
-- Reads: people
-- Protects: none
-- Used by: Coming home

SELECT
    all_lists_due_for_review.city,
    all_lists_due_for_review.person_id,
    all_lists_due_for_review.status,
    all_lists_due_for_review.listed_on,
    all_lists_due_for_review.review_by,
    all_lists_due_for_review.days_left,
    all_lists_due_for_review.last_day,
    CAST(COUNT(*) OVER () AS BIGINT) AS of_all
FROM all_lists_due_for_review
INNER JOIN cities ON all_lists_due_for_review.city = cities.city
QUALIFY
    CEIL(
        ROW_NUMBER() OVER (
            ORDER BY
                all_lists_due_for_review.review_by ASC NULLS FIRST,
                cities.position ASC,
                all_lists_due_for_review.person_id ASC
        ) / $rows
    ) = $page
ORDER BY
    cities.position ASC,
    all_lists_due_for_review.review_by ASC NULLS FIRST,
    all_lists_due_for_review.person_id ASC
