-- At which hours and on which weekdays were people shot?
-- Parameters:
--   city: city = null — one city, or all of them
--   neighbourhood: neighbourhood = null — one area, or the whole city with what is unlocated
--   year_from: integer = year of start of data — the first year
--   year_until: integer = year of data_through + 1 — the year after the last
-- Grain: city, weekday, hour
-- Class: public_record
-- Reads: incidents, victims
-- Protects: victims

WITH weekdays AS (
    SELECT UNNEST(GENERATE_SERIES(1, 7)) AS weekday
),

hours AS (
    SELECT UNNEST(GENERATE_SERIES(0, 23)) AS hour
    UNION ALL
    -- An hour that is not known is a row of its own, never midnight.
    SELECT NULL AS hour
),

spine AS (
    SELECT
        cities.city,
        cities.position,
        weekdays.weekday,
        hours.hour
    FROM cities
    CROSS JOIN weekdays
    CROSS JOIN hours
    WHERE
        cities.data_through IS NOT NULL
        -- Where the data cover nothing of the period nothing is known, which is not zero.
        AND YEAR(cities.starts_on) < $year_until
        AND YEAR(cities.data_through) >= $year_from
        AND ($city IS NULL OR cities.city = $city)
),

counted AS (
    SELECT
        hourly.city,
        hourly.weekday,
        hourly.hour,
        SUM(hourly.incidents) AS incidents,
        SUM(hourly.victims) AS victims
    FROM hourly
    WHERE
        hourly.year >= $year_from
        AND hourly.year < $year_until
        AND ($city IS NULL OR hourly.city = $city)
        AND ($neighbourhood IS NULL OR hourly.neighbourhood = $neighbourhood)
    GROUP BY hourly.city, hourly.weekday, hourly.hour
)

SELECT
    spine.city,
    spine.weekday,
    spine.hour,
    COALESCE(counted.incidents, zeros.incidents) AS incidents,
    COALESCE(counted.victims, zeros.victims) AS victims
FROM spine
INNER JOIN zeros ON spine.city = zeros.city
LEFT JOIN counted
    ON
        spine.city = counted.city
        AND spine.weekday = counted.weekday
        AND spine.hour IS NOT DISTINCT FROM counted.hour
ORDER BY spine.position, spine.weekday, spine.hour NULLS LAST
