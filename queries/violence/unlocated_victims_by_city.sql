-- How many people were shot and killed at a place that is not known, and why is it not?
-- Parameters:
--   city: city = null — one city, or all of them
--   date_from: date = start of data — the first day
--   date_until: date = data_through + 1 day — the day after the last
-- Grain: city, reason
-- Class: public_record
-- Reads: incidents, victims
-- Protects: victims, fatal, nonfatal, homicides

WITH reasons AS (
    SELECT
        why.reason,
        why.position
    FROM (
        VALUES ('no_coordinates', 1), ('city_precision', 2), ('outside', 3), ('no_boundaries', 4)
    ) AS why (reason, position)
),

counted AS (
    SELECT
        daily.city,
        daily.reason,
        SUM(daily.incidents) AS incidents,
        SUM(daily.victims) AS victims,
        SUM(daily.fatal) AS fatal,
        SUM(daily.nonfatal) AS nonfatal,
        SUM(daily.homicides) AS homicides
    FROM daily
    WHERE
        daily.neighbourhood IS NULL
        AND daily.day >= $date_from
        AND daily.day < $date_until
        AND ($city IS NULL OR daily.city = $city)
    GROUP BY daily.city, daily.reason
)

SELECT
    cities.city,
    reasons.reason,
    COALESCE(counted.incidents, zeros.incidents) AS incidents,
    COALESCE(counted.victims, zeros.victims) AS victims,
    COALESCE(counted.fatal, zeros.fatal) AS fatal,
    COALESCE(counted.nonfatal, zeros.nonfatal) AS nonfatal,
    COALESCE(counted.homicides, zeros.homicides) AS homicides
FROM cities
INNER JOIN zeros ON cities.city = zeros.city
CROSS JOIN reasons
LEFT JOIN counted ON cities.city = counted.city AND reasons.reason = counted.reason
WHERE
    cities.data_through IS NOT NULL
    -- Where the data cover nothing of the period nothing is known, which is not zero.
    AND cities.starts_on < $date_until
    AND cities.ends_on >= $date_from
    AND ($city IS NULL OR cities.city = $city)
ORDER BY cities.position, reasons.position
