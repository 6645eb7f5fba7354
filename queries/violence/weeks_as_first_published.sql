-- What did the newest weeks hold when a release first published them, and what do they hold now?
-- Parameters:
--   city: city = null — one city, or all of them
--   settled_weeks: integer(0..104) = 4 — only weeks published at least so many weeks ago
-- Grain: city, through, week_ending
-- Class: public_record
-- Order: position, through, week_ending
-- Reads: incidents, victims
-- Protects: none
-- Numerator: incidents_then, shootings of the week as that release held them
-- Denominator: incidents_now, as they are counted in this release

SELECT
    cities.city,
    reported_weeks.through,
    reported_weeks.week_ending,
    (reported_weeks.through - reported_weeks.week_ending) // 7 AS age_weeks,
    reported_weeks.incidents AS incidents_then,
    COALESCE(SUM(daily.incidents), 0) AS incidents_now
FROM reported_weeks
INNER JOIN cities USING (city)
INNER JOIN zeros USING (city)
LEFT JOIN daily
    ON
        cities.city = daily.city
        AND daily.day > reported_weeks.week_ending - 7
        AND reported_weeks.week_ending >= daily.day
WHERE
    -- Shootings of a city whose sources do not hold them all are in no release's count.
    zeros.incidents IS NOT NULL
    AND reported_weeks.through + 7 * $settled_weeks <= cities.data_through
    AND reported_weeks.week_ending - 6 >= cities.starts_on
    AND ($city IS NULL OR cities.city = $city)
GROUP BY ALL
