-- On which day was the shooting review of each week held?
-- Parameters:
--   city: city = null — one city, or all of them
--   date_from: date = data_through - 27 days — the first day
--   date_until: date = data_through + 1 day — the day after the last
--   as_of: date = data_through — the day it is told as of
-- Grain: city, week_ending
-- Class: aggregate
-- Reads: shooting_reviews
-- Protects: none

WITH days AS (
    SELECT
        cities.position,
        CAST(cities.city AS VARCHAR) AS city,
        cities.week_ends_iso,
        LEAST(CAST($as_of AS DATE), data_through.day) AS last_day,
        CAST(UNNEST(GENERATE_SERIES(
            CAST($date_from AS DATE), CAST($date_until AS DATE) - 1, INTERVAL 1 DAY
        )) AS DATE) AS day
    FROM cities
    -- A city that did not hand over its reviews has no rows: nothing is known, not zero.
    INNER JOIN data_through
        ON
            CAST(cities.city AS VARCHAR) = data_through.city
            AND data_through.extract = 'shooting_reviews'
    WHERE $city IS NULL OR CAST(cities.city AS VARCHAR) = $city
)

SELECT
    days.city,
    days.day AS week_ending,
    MIN(shooting_reviews.held_on) AS held_on,
    days.last_day
FROM days
LEFT JOIN shooting_reviews
    ON
        days.city = shooting_reviews.city
        AND days.day - 6 <= shooting_reviews.week_ending
        AND days.day >= shooting_reviews.week_ending
        AND days.last_day >= shooting_reviews.held_on
WHERE days.week_ends_iso = ISODOW(days.day)
GROUP BY days.position, days.city, days.day, days.last_day
ORDER BY days.position, days.day
