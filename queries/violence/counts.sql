-- How many people were shot, how many killed, and in how many incidents, in each of these periods?
-- Parameters:
--   neighbourhood: neighbourhood = null — one area, or whole cities with what is unlocated
--   unit: choice(city | neighbourhood) = 'city' — a row a city, or a row an area of it
--   windows: windows = all days — years, months, days, or each as first..last
-- Grain: city, neighbourhood, date_from, date_until
-- Class: public_record
-- Reads: incidents, victims
-- Protects: victims, fatal, nonfatal, homicides

WITH asked AS (
    SELECT UNNEST(
        CAST($windows AS STRUCT(date_from DATE, date_until DATE)[]), recursive := TRUE
    )
),

-- `area` is empty for a whole city.
places AS (
    SELECT
        cities.city,
        COALESCE(areas.neighbourhood, '') AS area,
        -- Of a time most of which could be placed nowhere nothing is known by place.
        IF(area = '', cities.starts_on, cities.placed_from) AS starts_on,
        cities.data_through
    FROM cities
    LEFT JOIN areas
        ON cities.city = areas.city AND ($unit = 'neighbourhood' OR $neighbourhood IS NOT NULL)
    WHERE
        COALESCE(areas.neighbourhood = $neighbourhood, $neighbourhood IS NULL)
        AND (areas.neighbourhood IS NOT NULL OR $unit = 'city')
),

counted AS (
    SELECT
        daily.city,
        IF($unit = 'city' AND $neighbourhood IS NULL, '', daily.neighbourhood) AS area,
        daily.day,
        SUM(daily.incidents) AS incidents,
        SUM(daily.victims) AS victims,
        SUM(daily.fatal) AS fatal,
        SUM(daily.nonfatal) AS nonfatal,
        SUM(daily.homicides) AS homicides,
        SUM(daily.fatal_incidents) AS fatal_incidents,
        SUM(daily.incidents - daily.fatal_incidents) AS nonfatal_incidents
    FROM daily
    WHERE
        daily.day >= (SELECT MIN(asked.date_from) FROM asked)
        AND daily.day < (SELECT MAX(asked.date_until) FROM asked)
    GROUP BY ALL
),

windows AS (
    SELECT
        places.city,
        places.area,
        asked.date_from,
        asked.date_until,
        GREATEST(asked.date_from, places.starts_on) AS first_day,
        LEAST(asked.date_until - 1, places.data_through) AS last_day,
        first_day = asked.date_from AND last_day = asked.date_until - 1 AS complete
    FROM places
    -- Of days that are not covered nothing is known, which is not zero.
    INNER JOIN asked
        ON places.starts_on < asked.date_until AND places.data_through >= asked.date_from
)

SELECT
    windows.city,
    NULLIF(windows.area, '') AS neighbourhood,
    windows.date_from,
    windows.date_until,
    windows.complete,
    COALESCE(SUM(counted.incidents), MIN(zeros.incidents)) AS incidents,
    COALESCE(SUM(counted.victims), MIN(zeros.victims)) AS victims,
    COALESCE(SUM(counted.fatal), MIN(zeros.fatal)) AS fatal,
    COALESCE(SUM(counted.nonfatal), MIN(zeros.nonfatal)) AS nonfatal,
    COALESCE(SUM(counted.homicides), MIN(zeros.homicides)) AS homicides,
    COALESCE(SUM(counted.fatal_incidents), MIN(zeros.fatal_incidents)) AS fatal_incidents,
    COALESCE(SUM(counted.nonfatal_incidents), MIN(zeros.nonfatal_incidents)) AS nonfatal_incidents
FROM windows
INNER JOIN zeros ON windows.city = zeros.city
LEFT JOIN counted
    ON
        windows.city = counted.city
        AND windows.area = counted.area
        AND windows.first_day <= counted.day
        AND windows.last_day >= counted.day
GROUP BY ALL
