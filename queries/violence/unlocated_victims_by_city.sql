-- How many people were shot, and how many killed, at a place that is not known, and why is it not?
-- Parameters: date_from, date_until
-- Grain: city, reason
-- Class: public_record
-- Order: position, LIST_POSITION(['no_coordinates', 'city_precision', 'outside', 'no_boundaries',
--   'few_placed'], reason)
-- Reads: incidents, victims
-- Protects: victims, fatal, nonfatal, homicides

SELECT
    covered.city,
    reasons.reason,
    COALESCE(SUM(daily.incidents), MIN(zeros.incidents)) AS incidents,
    COALESCE(SUM(daily.victims), MIN(zeros.victims)) AS victims,
    COALESCE(SUM(daily.fatal), MIN(zeros.fatal)) AS fatal,
    COALESCE(SUM(daily.nonfatal), MIN(zeros.nonfatal)) AS nonfatal,
    COALESCE(SUM(daily.homicides), MIN(zeros.homicides)) AS homicides,
    COALESCE(SUM(daily.fatal_incidents), MIN(zeros.fatal_incidents)) AS fatal_incidents,
    COALESCE(
        SUM(daily.incidents - daily.fatal_incidents), MIN(zeros.nonfatal_incidents)
    ) AS nonfatal_incidents
FROM COVERED_CITIES($date_from, $date_until) AS covered
INNER JOIN cities USING (city)
INNER JOIN zeros USING (city)
CROSS JOIN
    UNNEST(['no_coordinates', 'city_precision', 'outside', 'no_boundaries', 'few_placed'])
        AS reasons (reason)
LEFT JOIN daily
    ON
        covered.city = daily.city
        -- Where most could not be placed, the others are not counted by place either.
        AND reasons.reason = CASE
            WHEN daily.neighbourhood IS NULL THEN daily.reason
            WHEN COALESCE(covered.first_day < cities.placed_from, TRUE) THEN 'few_placed'
        END
        AND daily.day >= $date_from
        AND daily.day < $date_until
GROUP BY ALL
