-- How many people were shot, and how many killed, in each neighbourhood, and in how many incidents?
-- Parameters:
--   city: city = null — one city, or all of them
--   date_from: date = start of data — the first day
--   date_until: date = data_through + 1 day — the day after the last
-- Grain: city, neighbourhood
-- Class: public_record
-- Order: position, neighbourhood
-- Reads: incidents, victims
-- Protects: victims, fatal, nonfatal, homicides

SELECT
    covered.city,
    areas.neighbourhood,
    COALESCE(SUM(daily.incidents), MIN(zeros.incidents)) AS incidents,
    COALESCE(SUM(daily.victims), MIN(zeros.victims)) AS victims,
    COALESCE(SUM(daily.fatal), MIN(zeros.fatal)) AS fatal,
    COALESCE(SUM(daily.nonfatal), MIN(zeros.nonfatal)) AS nonfatal,
    COALESCE(SUM(daily.homicides), MIN(zeros.homicides)) AS homicides,
    areas.population
FROM COVERED_CITIES($date_from, $date_until, $city, FALSE) AS covered
INNER JOIN cities USING (city)
INNER JOIN areas USING (city)
INNER JOIN zeros USING (city)
LEFT JOIN daily
    ON
        covered.city = daily.city
        AND areas.neighbourhood = daily.neighbourhood
        AND daily.day >= $date_from
        AND daily.day < $date_until
WHERE
    areas.neighbourhood IS NOT NULL
    -- Of a time most of which could be placed nowhere nothing is known by place.
    AND covered.first_day >= cities.placed_from
GROUP BY ALL
