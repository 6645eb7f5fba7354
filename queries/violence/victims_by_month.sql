-- How many people were shot and killed in each month, and in how many incidents?
-- Parameters:
--   city: city = null — one city, or all of them
--   neighbourhood: neighbourhood = null — one area, or the whole city with what is unlocated
--   date_from: date = start of data — the first day
--   date_until: date = data_through + 1 day — the day after the last
-- Grain: city, month
-- Class: public_record
-- Reads: incidents, victims
-- Protects: victims, fatal, nonfatal, homicides

WITH spans AS (
    SELECT
        cities.city,
        cities.position,
        cities.starts_on,
        cities.data_through,
        GREATEST(CAST($date_from AS DATE), cities.starts_on) AS first_day,
        LEAST(CAST($date_until AS DATE) - 1, cities.ends_on) AS last_day
    FROM cities
    WHERE
        cities.data_through IS NOT NULL
        AND ($city IS NULL OR cities.city = $city)
),

spine AS (
    SELECT
        spans.city,
        spans.position,
        spans.starts_on,
        spans.data_through,
        CAST(UNNEST(GENERATE_SERIES(
            DATE_TRUNC('month', spans.first_day),
            spans.last_day,
            INTERVAL 1 MONTH
        )) AS DATE) AS month
    FROM spans
    WHERE spans.first_day <= spans.last_day
),

counted AS (
    SELECT
        daily.city,
        CAST(DATE_TRUNC('month', daily.day) AS DATE) AS month,
        SUM(daily.incidents) AS incidents,
        SUM(daily.victims) AS victims,
        SUM(daily.fatal) AS fatal,
        SUM(daily.nonfatal) AS nonfatal,
        SUM(daily.homicides) AS homicides
    FROM daily
    WHERE
        daily.day >= $date_from
        AND daily.day < $date_until
        AND ($city IS NULL OR daily.city = $city)
        AND ($neighbourhood IS NULL OR daily.neighbourhood = $neighbourhood)
    GROUP BY ALL
)

SELECT
    spine.city,
    spine.month,
    COALESCE(counted.incidents, zeros.incidents) AS incidents,
    COALESCE(counted.victims, zeros.victims) AS victims,
    COALESCE(counted.fatal, zeros.fatal) AS fatal,
    COALESCE(counted.nonfatal, zeros.nonfatal) AS nonfatal,
    COALESCE(counted.homicides, zeros.homicides) AS homicides,
    (
        spine.month >= $date_from
        AND spine.month >= spine.starts_on
        AND spine.month + INTERVAL 1 MONTH <= $date_until
        AND spine.month + INTERVAL 1 MONTH <= spine.data_through + 1
    ) AS complete
FROM spine
INNER JOIN zeros ON spine.city = zeros.city
LEFT JOIN counted ON spine.city = counted.city AND spine.month = counted.month
ORDER BY spine.position, spine.month
