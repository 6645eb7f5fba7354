-- At which hours and on which weekdays were people shot?
-- Parameters:
--   neighbourhood: neighbourhood = null — one area, or the whole city with what is unlocated
--   year_from: integer(1900..2200) = year of start of data — the first year
--   year_until: integer(1900..2200) = year of data_through + 1 — the year after the last
-- Grain: city, weekday, hour
-- Class: public_record
-- Order: position, weekday, hour NULLS LAST
-- Reads: incidents, victims
-- Protects: victims

SELECT
    cities.city,
    weekdays.weekday,
    hours.hour,
    COALESCE(SUM(hourly.incidents), MIN(zeros.incidents)) AS incidents,
    COALESCE(SUM(hourly.victims), MIN(zeros.victims)) AS victims
FROM cities
INNER JOIN zeros USING (city)
CROSS JOIN UNNEST(GENERATE_SERIES(1, 7)) AS weekdays (weekday)
-- An hour that is not known is a row of its own, never midnight.
CROSS JOIN UNNEST(LIST_APPEND(GENERATE_SERIES(0, 23), NULL)) AS hours (hour)
LEFT JOIN hourly
    ON
        cities.city = hourly.city
        AND weekdays.weekday = hourly.weekday
        AND hours.hour IS NOT DISTINCT FROM hourly.hour
        AND hourly.year >= $year_from
        AND hourly.year < $year_until
        AND ($neighbourhood IS NULL OR hourly.neighbourhood = $neighbourhood)
WHERE
    cities.data_through IS NOT NULL
    -- Where the data cover nothing of the period nothing is known, which is not zero.
    AND YEAR(cities.starts_on) < $year_until
    AND (
        $neighbourhood IS NULL
        OR GREATEST(MAKE_DATE($year_from, 1, 1), cities.starts_on) >= cities.placed_from
    )
    AND YEAR(cities.data_through) >= $year_from
GROUP BY ALL
