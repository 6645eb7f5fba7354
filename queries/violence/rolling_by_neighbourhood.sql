-- How many people were shot in each neighbourhood in the last days and in the windows before them?
-- Parameters:
--   city: city = null — one city, or all of them
--   through: date = data_through — the last day of the newest window
--   days: integer(1..366) = 28 — how long a window is
--   windows: integer(1..80) = 78 — how many windows, the newest and those before it
-- Grain: city, neighbourhood, windows_back
-- Class: public_record
-- Order: position, neighbourhood, windows_back
-- Reads: incidents, victims
-- Protects: victims, fatal, nonfatal, homicides

WITH windows AS (
    SELECT
        cities.city,
        back.windows_back,
        $through + 1 - CAST(back.windows_back * $days AS INTEGER) AS date_until
    FROM cities
    CROSS JOIN UNNEST(GENERATE_SERIES(0, $windows - 1)) AS back (windows_back)
    WHERE
        cities.data_through IS NOT NULL
        AND ($city IS NULL OR cities.city = $city)
        -- A window not wholly covered, or most of which could be placed nowhere, has no count.
        AND $through <= cities.data_through
        AND date_until - $days >= cities.placed_from
)

SELECT
    areas.city,
    areas.neighbourhood,
    windows.windows_back,
    windows.date_until - $days AS date_from,
    windows.date_until,
    COALESCE(SUM(daily.incidents), MIN(zeros.incidents)) AS incidents,
    COALESCE(SUM(daily.victims), MIN(zeros.victims)) AS victims,
    COALESCE(SUM(daily.fatal), MIN(zeros.fatal)) AS fatal,
    COALESCE(SUM(daily.nonfatal), MIN(zeros.nonfatal)) AS nonfatal,
    COALESCE(SUM(daily.homicides), MIN(zeros.homicides)) AS homicides
FROM areas
INNER JOIN windows USING (city)
INNER JOIN zeros USING (city)
LEFT JOIN daily
    ON
        areas.city = daily.city
        AND areas.neighbourhood = daily.neighbourhood
        AND windows.windows_back = ($through - daily.day) // $days
        AND daily.day <= $through
WHERE areas.neighbourhood IS NOT NULL
GROUP BY ALL
