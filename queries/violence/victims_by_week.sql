-- How many people were shot, and how many killed, in each week, as the city ends its weeks?
-- Parameters:
--   city: city = null — one city, or all of them
--   neighbourhood: neighbourhood = null — one area, or the whole city with what is unlocated
--   date_from: date = start of data — the first day
--   date_until: date = data_through + 1 day — the day after the last
-- Grain: city, week_ending
-- Class: public_record
-- Order: position, week_ending
-- Reads: incidents, victims
-- Protects: victims, fatal, nonfatal, homicides

WITH spine AS (
    SELECT
        city,
        starts_on,
        data_through,
        CAST(UNNEST(GENERATE_SERIES(first_day, last_day, INTERVAL 1 DAY)) AS DATE) AS day,
        day + CAST((week_ends_iso - ISODOW(day) + 7) % 7 AS INTEGER) AS week_ending
    FROM COVERED_CITIES($date_from, $date_until, $city, $neighbourhood IS NOT NULL)
)

SELECT
    spine.city,
    spine.week_ending,
    COALESCE(SUM(daily.incidents), MIN(zeros.incidents)) AS incidents,
    COALESCE(SUM(daily.victims), MIN(zeros.victims)) AS victims,
    COALESCE(SUM(daily.fatal), MIN(zeros.fatal)) AS fatal,
    COALESCE(SUM(daily.nonfatal), MIN(zeros.nonfatal)) AS nonfatal,
    COALESCE(SUM(daily.homicides), MIN(zeros.homicides)) AS homicides,
    (
        spine.week_ending - 6 >= $date_from
        AND spine.week_ending - 6 >= spine.starts_on
        AND spine.week_ending < $date_until
        AND spine.week_ending <= spine.data_through
    ) AS complete
FROM spine
INNER JOIN zeros USING (city)
LEFT JOIN daily
    ON
        spine.city = daily.city
        AND spine.day = daily.day
        AND ($neighbourhood IS NULL OR daily.neighbourhood = $neighbourhood)
GROUP BY ALL
