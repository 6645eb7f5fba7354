-- On which day was the shooting review of each week held?
-- Parameters: city
--   date_from: date = data_through - 27 days — the first day
--   date_until, as_of
-- Grain: city, week_ending
-- Class: aggregate
-- Order: position, week_ending
-- Reads: shooting_reviews
-- Protects: none

WITH days AS (
    SELECT
        supplied.city,
        supplied.last_day,
        cities.week_ends_iso,
        CAST(UNNEST(GENERATE_SERIES($date_from, $date_until - 1, INTERVAL 1 DAY)) AS DATE) AS day
    FROM SUPPLIED_CITIES(['shooting_reviews'], $as_of, $city) AS supplied
    INNER JOIN cities USING (city)
)

SELECT
    days.city,
    days.day AS week_ending,
    MIN(reviews.held_on) AS held_on,
    days.last_day
FROM days
LEFT JOIN shooting_reviews AS reviews
    ON
        days.city = reviews.city
        AND days.day - 6 <= reviews.week_ending
        AND days.day >= reviews.week_ending
        AND days.last_day >= reviews.held_on
WHERE days.week_ends_iso = ISODOW(days.day)
GROUP BY ALL
