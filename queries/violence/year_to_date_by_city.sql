-- How many people were shot, and how many killed, so far this year and to that day of earlier ones?
-- Parameters:
--   city: city = null — one city, or all of them
--   through: date = data_through — the last day of each year that is counted
-- Grain: city, year
-- Class: public_record
-- Order: position, year
-- Reads: incidents, victims
-- Protects: victims, fatal, nonfatal, homicides

WITH spine AS (
    SELECT
        cities.city,
        -- A year the source does not cover from its first day is left out, but for the newest.
        UNNEST(GENERATE_SERIES(
            LEAST(YEAR(cities.starts_on - 1) + 1, YEAR($through)), YEAR($through)
        )) AS year,
        -- Stepping back by years turns 29 February into 28, never into 1 March.
        CAST($through - TO_YEARS(CAST(YEAR($through) - year AS INTEGER)) AS DATE) + 1 AS date_until
    FROM cities
    WHERE
        cities.data_through IS NOT NULL
        -- Before the data begin nothing is known, which is not zero.
        AND cities.starts_on <= $through
        AND ($city IS NULL OR cities.city = $city)
)

SELECT
    spine.city,
    spine.year,
    COALESCE(SUM(daily.incidents), MIN(zeros.incidents)) AS incidents,
    COALESCE(SUM(daily.victims), MIN(zeros.victims)) AS victims,
    COALESCE(SUM(daily.fatal), MIN(zeros.fatal)) AS fatal,
    COALESCE(SUM(daily.nonfatal), MIN(zeros.nonfatal)) AS nonfatal,
    COALESCE(SUM(daily.homicides), MIN(zeros.homicides)) AS homicides
FROM spine
INNER JOIN zeros USING (city)
LEFT JOIN daily
    ON
        spine.city = daily.city
        -- An equality: a join on two bounds compares every year with every day.
        AND spine.year = YEAR(daily.day)
        AND spine.date_until > daily.day
GROUP BY ALL
