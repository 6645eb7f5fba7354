-- How many people were shot, and how many killed, in each month, and in how many incidents?
-- Parameters:
--   city: city = null — one city, or all of them
--   neighbourhood: neighbourhood = null — one area, or the whole city with what is unlocated
--   date_from: date = start of data — the first day
--   date_until: date = data_through + 1 day — the day after the last
-- Grain: city, month
-- Class: public_record
-- Order: position, month
-- Reads: incidents, victims
-- Protects: victims, fatal, nonfatal, homicides

WITH spine AS (
    SELECT
        city,
        starts_on,
        data_through,
        CAST(UNNEST(GENERATE_SERIES(
            DATE_TRUNC('month', first_day), last_day, INTERVAL 1 MONTH
        )) AS DATE) AS month
    FROM COVERED_CITIES($date_from, $date_until, $city, $neighbourhood IS NOT NULL)
)

SELECT
    spine.city,
    spine.month,
    COALESCE(SUM(daily.incidents), MIN(zeros.incidents)) AS incidents,
    COALESCE(SUM(daily.victims), MIN(zeros.victims)) AS victims,
    COALESCE(SUM(daily.fatal), MIN(zeros.fatal)) AS fatal,
    COALESCE(SUM(daily.nonfatal), MIN(zeros.nonfatal)) AS nonfatal,
    COALESCE(SUM(daily.homicides), MIN(zeros.homicides)) AS homicides,
    (
        spine.month >= $date_from
        AND spine.month >= spine.starts_on
        AND spine.month + INTERVAL 1 MONTH <= $date_until
        AND spine.month + INTERVAL 1 MONTH <= spine.data_through + 1
    ) AS complete
FROM spine
INNER JOIN zeros USING (city)
LEFT JOIN daily
    ON
        spine.city = daily.city
        AND spine.month = DATE_TRUNC('month', daily.day)
        AND daily.day >= $date_from
        AND daily.day < $date_until
        AND ($neighbourhood IS NULL OR daily.neighbourhood = $neighbourhood)
GROUP BY ALL
