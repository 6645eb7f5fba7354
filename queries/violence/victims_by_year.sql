-- How many people were shot and killed in each year, and in how many incidents?
-- Parameters:
--   city: city = null — one city, or all of them
--   neighbourhood: neighbourhood = null — one area, or the whole city with what is unlocated
--   year_from: integer = year of start of data — the first year
--   year_until: integer = year of data_through + 1 — the year after the last
-- Grain: city, year
-- Class: public_record
-- Reads: incidents, victims
-- Protects: victims, fatal, nonfatal, homicides

WITH spine AS (
    SELECT
        cities.city,
        cities.position,
        cities.starts_on,
        cities.data_through,
        UNNEST(GENERATE_SERIES(
            GREATEST($year_from, YEAR(cities.starts_on)),
            LEAST($year_until - 1, YEAR(cities.ends_on))
        )) AS year
    FROM cities
    WHERE
        cities.data_through IS NOT NULL
        AND ($city IS NULL OR cities.city = $city)
),

counted AS (
    SELECT
        daily.city,
        YEAR(daily.day) AS year,
        SUM(daily.incidents) AS incidents,
        SUM(daily.victims) AS victims,
        SUM(daily.fatal) AS fatal,
        SUM(daily.nonfatal) AS nonfatal,
        SUM(daily.homicides) AS homicides
    FROM daily
    WHERE
        YEAR(daily.day) >= $year_from
        AND YEAR(daily.day) < $year_until
        AND ($city IS NULL OR daily.city = $city)
        AND ($neighbourhood IS NULL OR daily.neighbourhood = $neighbourhood)
    GROUP BY ALL
)

SELECT
    spine.city,
    spine.year,
    COALESCE(counted.incidents, zeros.incidents) AS incidents,
    COALESCE(counted.victims, zeros.victims) AS victims,
    COALESCE(counted.fatal, zeros.fatal) AS fatal,
    COALESCE(counted.nonfatal, zeros.nonfatal) AS nonfatal,
    COALESCE(counted.homicides, zeros.homicides) AS homicides,
    (
        MAKE_DATE(spine.year, 1, 1) >= spine.starts_on
        AND MAKE_DATE(spine.year, 12, 31) <= spine.data_through
    ) AS complete
FROM spine
INNER JOIN zeros ON spine.city = zeros.city
LEFT JOIN counted ON spine.city = counted.city AND spine.year = counted.year
ORDER BY spine.position, spine.year
