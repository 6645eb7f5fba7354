-- How many people were shot, and how many killed, in each year, and in how many incidents?
-- Parameters:
--   city: city = null — one city, or all of them
--   neighbourhood: neighbourhood = null — one area, or the whole city with what is unlocated
--   year_from: integer = year of start of data — the first year
--   through: date = data_through — the last day of the newest year that is counted
-- Grain: city, year
-- Class: public_record
-- Order: position, year
-- Reads: incidents, victims
-- Protects: victims, fatal, nonfatal, homicides

SELECT
    spine.city,
    spine.year,
    COALESCE(SUM(daily.incidents), MIN(zeros.incidents)) AS incidents,
    COALESCE(SUM(daily.victims), MIN(zeros.victims)) AS victims,
    COALESCE(SUM(daily.fatal), MIN(zeros.fatal)) AS fatal,
    COALESCE(SUM(daily.nonfatal), MIN(zeros.nonfatal)) AS nonfatal,
    COALESCE(SUM(daily.homicides), MIN(zeros.homicides)) AS homicides,
    spine.complete
FROM COVERED_YEARS($year_from, $through, $city, $neighbourhood IS NOT NULL) AS spine
INNER JOIN zeros USING (city)
LEFT JOIN daily
    ON
        spine.city = daily.city
        AND spine.year = YEAR(daily.day)
        AND daily.day <= $through
        AND ($neighbourhood IS NULL OR daily.neighbourhood = $neighbourhood)
GROUP BY ALL
