-- How many people were shot, and how many killed, on each day, and in how many incidents?
-- Parameters:
--   city: city = null — one city, or all of them
--   neighbourhood: neighbourhood = null — one area, or the whole city with what is unlocated
--   date_from: date = start of data — the first day
--   date_until: date = data_through + 1 day — the day after the last
-- Grain: city, day
-- Class: public_record
-- Order: position, day
-- Reads: incidents, victims
-- Protects: victims, fatal, nonfatal, homicides

WITH spine AS (
    SELECT
        city,
        CAST(UNNEST(GENERATE_SERIES(first_day, last_day, INTERVAL 1 DAY)) AS DATE) AS day
    FROM COVERED_CITIES($date_from, $date_until, $city, $neighbourhood IS NOT NULL)
)

SELECT
    spine.city,
    spine.day,
    COALESCE(SUM(daily.incidents), MIN(zeros.incidents)) AS incidents,
    COALESCE(SUM(daily.victims), MIN(zeros.victims)) AS victims,
    COALESCE(SUM(daily.fatal), MIN(zeros.fatal)) AS fatal,
    COALESCE(SUM(daily.nonfatal), MIN(zeros.nonfatal)) AS nonfatal,
    COALESCE(SUM(daily.homicides), MIN(zeros.homicides)) AS homicides
FROM spine
INNER JOIN zeros USING (city)
LEFT JOIN daily
    ON
        spine.city = daily.city
        AND spine.day = daily.day
        AND ($neighbourhood IS NULL OR daily.neighbourhood = $neighbourhood)
GROUP BY ALL
