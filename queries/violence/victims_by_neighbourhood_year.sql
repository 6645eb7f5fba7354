-- How many people were shot in each neighbourhood in a period and in the same days of the years
--   before it?
-- Parameters:
--   city: city = null — one city, or all of them
--   date_from: date = start of year — the first day
--   date_until: date = data_through + 1 day — the day after the last
--   years: integer(0..20) = 1 — how many earlier years
-- Grain: city, neighbourhood, years_back
-- Class: public_record
-- Order: position, neighbourhood, years_back
-- Reads: incidents, victims
-- Protects: victims, fatal, nonfatal, homicides

WITH stepped AS (
    SELECT
        years_back,
        -- Stepping back by years turns 29 February into 28, never into 1 March.
        CAST($date_from - TO_YEARS(CAST(years_back AS INTEGER)) AS DATE) AS date_from,
        CAST($date_until - 1 - TO_YEARS(CAST(years_back AS INTEGER)) AS DATE) + 1 AS date_until
    FROM UNNEST(GENERATE_SERIES(0, $years)) AS years (years_back)
    -- What is longer than a year has no year before that it does not overlap.
    WHERE years_back = 0 OR $date_until - 1 - TO_YEARS(1) < $date_from
)

SELECT
    areas.city,
    areas.neighbourhood,
    stepped.years_back,
    stepped.date_from,
    stepped.date_until,
    COALESCE(SUM(daily.incidents), MIN(zeros.incidents)) AS incidents,
    COALESCE(SUM(daily.victims), MIN(zeros.victims)) AS victims,
    COALESCE(SUM(daily.fatal), MIN(zeros.fatal)) AS fatal,
    COALESCE(SUM(daily.nonfatal), MIN(zeros.nonfatal)) AS nonfatal,
    COALESCE(SUM(daily.homicides), MIN(zeros.homicides)) AS homicides
FROM areas
INNER JOIN cities USING (city)
INNER JOIN zeros USING (city)
CROSS JOIN stepped
LEFT JOIN daily
    ON
        areas.city = daily.city
        AND areas.neighbourhood = daily.neighbourhood
        AND stepped.date_from <= daily.day
        AND stepped.date_until > daily.day
WHERE
    areas.neighbourhood IS NOT NULL
    AND cities.data_through IS NOT NULL
    AND ($city IS NULL OR cities.city = $city)
    -- A window not wholly covered, or most of which could be placed nowhere, has no count.
    AND stepped.date_from >= cities.placed_from
    AND stepped.date_until <= cities.data_through + 1
GROUP BY ALL
