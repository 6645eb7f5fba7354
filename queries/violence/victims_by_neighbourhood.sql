-- How many people were shot and killed in each neighbourhood, and in how many incidents?
-- Parameters:
--   city: city = null — one city, or all of them
--   date_from: date = start of data — the first day
--   date_until: date = data_through + 1 day — the day after the last
-- Grain: city, neighbourhood
-- Class: public_record
-- Reads: incidents, victims
-- Protects: victims, fatal, nonfatal, homicides

WITH counted AS (
    SELECT
        daily.city,
        daily.neighbourhood,
        SUM(daily.incidents) AS incidents,
        SUM(daily.victims) AS victims,
        SUM(daily.fatal) AS fatal,
        SUM(daily.nonfatal) AS nonfatal,
        SUM(daily.homicides) AS homicides
    FROM daily
    WHERE
        daily.neighbourhood IS NOT NULL
        AND daily.day >= $date_from
        AND daily.day < $date_until
        AND ($city IS NULL OR daily.city = $city)
    GROUP BY daily.city, daily.neighbourhood
)

SELECT
    areas.city,
    areas.neighbourhood,
    COALESCE(counted.incidents, zeros.incidents) AS incidents,
    COALESCE(counted.victims, zeros.victims) AS victims,
    COALESCE(counted.fatal, zeros.fatal) AS fatal,
    COALESCE(counted.nonfatal, zeros.nonfatal) AS nonfatal,
    COALESCE(counted.homicides, zeros.homicides) AS homicides,
    areas.population
FROM areas
INNER JOIN cities ON areas.city = cities.city
INNER JOIN zeros ON areas.city = zeros.city
LEFT JOIN counted
    ON areas.city = counted.city AND areas.neighbourhood = counted.neighbourhood
WHERE
    areas.neighbourhood IS NOT NULL
    AND cities.data_through IS NOT NULL
    -- Where the data cover nothing of the period nothing is known, which is not zero.
    AND cities.starts_on < $date_until
    AND cities.ends_on >= $date_from
    AND ($city IS NULL OR areas.city = $city)
ORDER BY cities.position, areas.neighbourhood
