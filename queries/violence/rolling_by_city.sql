-- How do the last days compare with the windows before them and the same windows of earlier years?
-- Parameters:
--   city: city = null — one city, or all of them
--   through: date = data_through — the last day of the newest window
--   days: integer(1..366) = 28 — how long a window is
--   windows: integer(1..80) = 2 — how many windows, the newest and those before it
--   years: integer(0..20) = 1 — how many earlier years
-- Grain: city, years_back, windows_back
-- Class: public_record
-- Order: position, years_back, windows_back
-- Reads: incidents, victims
-- Protects: victims, fatal, nonfatal, homicides

WITH windows AS (
    SELECT
        cities.city,
        cities.starts_on,
        years.years_back,
        back.windows_back,
        CAST($through - TO_YEARS(CAST(years.years_back AS INTEGER)) AS DATE)
        + 1 - CAST(back.windows_back * $days AS INTEGER) AS date_until
    FROM cities
    CROSS JOIN UNNEST(GENERATE_SERIES(0, $years)) AS years (years_back)
    CROSS JOIN UNNEST(GENERATE_SERIES(0, $windows - 1)) AS back (windows_back)
    WHERE
        cities.data_through IS NOT NULL
        AND ($city IS NULL OR cities.city = $city)
)

SELECT
    windows.city,
    windows.years_back,
    windows.windows_back,
    windows.date_until - $days AS date_from,
    windows.date_until,
    COALESCE(SUM(daily.incidents), MIN(zeros.incidents)) AS incidents,
    COALESCE(SUM(daily.victims), MIN(zeros.victims)) AS victims,
    COALESCE(SUM(daily.fatal), MIN(zeros.fatal)) AS fatal,
    COALESCE(SUM(daily.nonfatal), MIN(zeros.nonfatal)) AS nonfatal,
    COALESCE(SUM(daily.homicides), MIN(zeros.homicides)) AS homicides
FROM windows
INNER JOIN zeros USING (city)
LEFT JOIN daily
    ON
        windows.city = daily.city
        AND windows.date_until - $days <= daily.day
        AND windows.date_until > daily.day
WHERE windows.date_until - $days >= windows.starts_on
GROUP BY ALL
