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

windows AS (
    SELECT
        ROW_NUMBER() OVER () AS number,
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
),

-- Each window with nothing in it, and each day of it on which something was counted.
counted AS (
    SELECT
        windows.number,
        zeros.* EXCLUDE (city)
    FROM windows
    INNER JOIN zeros ON windows.city = zeros.city
    UNION ALL BY NAME
    SELECT
        windows.number,
        daily.* EXCLUDE (city, neighbourhood, reason, day)
    FROM windows
    INNER JOIN daily
        ON
            windows.city = daily.city
            AND windows.area IN ('', daily.neighbourhood)
            AND windows.first_day <= daily.day
            AND windows.last_day >= daily.day
),

-- Whatever is declared in facts/counted.toml.
summed AS (
    SELECT
        number,
        SUM(COLUMNS(* EXCLUDE (number)))
    FROM counted
    GROUP BY number
)

SELECT
    windows.city,
    NULLIF(windows.area, '') AS neighbourhood,
    windows.date_from,
    windows.date_until,
    windows.complete,
    summed.* EXCLUDE (number)
FROM windows
INNER JOIN summed ON windows.number = summed.number
