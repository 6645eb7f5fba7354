-- How many people were shot in each neighbourhood in a period and in the same days of the years
--   before it?
-- Parameters:
--   city: city = null — one city, or all of them
--   date_from: date = start of year — the first day
--   date_until: date = data_through + 1 day — the day after the last
--   years: integer(0..20) = 1 — how many earlier years
-- Grain: city, neighbourhood, years_back
-- Class: public_record
-- Reads: incidents, victims
-- Protects: victims, fatal, nonfatal, homicides

WITH years AS (
    SELECT UNNEST(GENERATE_SERIES(0, $years)) AS years_back
),

stepped AS (
    SELECT
        years_back,
        -- Stepping back by years turns 29 February into 28, never into 1 March.
        CAST(
            CAST($date_from AS DATE) - TO_YEARS(CAST(years_back AS INTEGER)) AS DATE
        ) AS date_from,
        CAST(
            CAST($date_until AS DATE) - 1 - TO_YEARS(CAST(years_back AS INTEGER)) AS DATE
        ) + 1 AS date_until
    FROM years
),

windows AS (
    SELECT
        cities.city,
        cities.position,
        stepped.years_back,
        stepped.date_from,
        stepped.date_until
    FROM cities
    CROSS JOIN stepped
    WHERE
        cities.data_through IS NOT NULL
        AND ($city IS NULL OR cities.city = $city)
        -- A window not wholly covered has no count: missing, not zero.
        AND stepped.date_from >= cities.starts_on
        AND stepped.date_until <= cities.data_through + 1
        -- What is longer than a year has no year before that it does not overlap.
        AND (
            stepped.years_back = 0
            OR CAST($date_until AS DATE) - 1 - TO_YEARS(1) < CAST($date_from AS DATE)
        )
),

counted AS (
    SELECT
        windows.city,
        windows.years_back,
        daily.neighbourhood,
        SUM(daily.incidents) AS incidents,
        SUM(daily.victims) AS victims,
        SUM(daily.fatal) AS fatal,
        SUM(daily.nonfatal) AS nonfatal,
        SUM(daily.homicides) AS homicides
    FROM windows
    INNER JOIN daily
        ON
            windows.city = daily.city
            AND windows.date_from <= daily.day
            AND windows.date_until > daily.day
    WHERE daily.neighbourhood IS NOT NULL
    GROUP BY windows.city, windows.years_back, daily.neighbourhood
)

SELECT
    areas.city,
    areas.neighbourhood,
    windows.years_back,
    windows.date_from,
    windows.date_until,
    COALESCE(counted.incidents, zeros.incidents) AS incidents,
    COALESCE(counted.victims, zeros.victims) AS victims,
    COALESCE(counted.fatal, zeros.fatal) AS fatal,
    COALESCE(counted.nonfatal, zeros.nonfatal) AS nonfatal,
    COALESCE(counted.homicides, zeros.homicides) AS homicides
FROM areas
INNER JOIN windows ON areas.city = windows.city
INNER JOIN zeros ON areas.city = zeros.city
LEFT JOIN counted
    ON
        areas.city = counted.city
        AND areas.neighbourhood = counted.neighbourhood
        AND windows.years_back = counted.years_back
WHERE areas.neighbourhood IS NOT NULL
ORDER BY windows.position, areas.neighbourhood, windows.years_back
