-- How many people were shot in each neighbourhood in the last days and in the windows before them?
-- Parameters:
--   city: city = null — one city, or all of them
--   through: date = data_through — the last day of the newest window
--   days: integer(1..366) = 28 — how long a window is
--   windows: integer(1..80) = 78 — how many windows, the newest and those before it
-- Grain: city, neighbourhood, windows_back
-- Class: public_record
-- Reads: incidents, victims
-- Protects: victims, fatal, nonfatal, homicides

WITH back AS (
    SELECT UNNEST(GENERATE_SERIES(0, $windows - 1)) AS windows_back
),

windows AS (
    SELECT
        cities.city,
        cities.position,
        back.windows_back,
        CAST($through AS DATE) + 1
        - CAST(back.windows_back * $days AS INTEGER) AS date_until
    FROM cities
    CROSS JOIN back
    WHERE
        cities.data_through IS NOT NULL
        AND ($city IS NULL OR cities.city = $city)
        -- A window not wholly covered has no count: missing, not zero.
        AND CAST($through AS DATE) <= cities.data_through
        AND CAST($through AS DATE) + 1
        - CAST((back.windows_back + 1) * $days AS INTEGER) >= cities.starts_on
),

counted AS (
    SELECT
        daily.city,
        daily.neighbourhood,
        (CAST($through AS DATE) - daily.day) // $days AS windows_back,
        SUM(daily.incidents) AS incidents,
        SUM(daily.victims) AS victims,
        SUM(daily.fatal) AS fatal,
        SUM(daily.nonfatal) AS nonfatal,
        SUM(daily.homicides) AS homicides
    FROM daily
    WHERE
        daily.neighbourhood IS NOT NULL
        AND daily.day <= CAST($through AS DATE)
        AND ($city IS NULL OR daily.city = $city)
    GROUP BY daily.city, daily.neighbourhood, windows_back
)

SELECT
    areas.city,
    areas.neighbourhood,
    windows.windows_back,
    windows.date_until - CAST($days AS INTEGER) AS date_from,
    windows.date_until,
    -- A count that the city's sources do not hold is missing: `zeros` is null there.
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
        AND windows.windows_back = counted.windows_back
WHERE areas.neighbourhood IS NOT NULL
ORDER BY windows.position, areas.neighbourhood, windows.windows_back
