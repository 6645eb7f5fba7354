-- Victims of {city} are {what} weeks that were complete: {years}. At most {most} of a year is
--   expected{late}.
-- Do: It is compared with the release {release}.
-- On: victims
-- Severity: error, acceptable
-- Thresholds: least = 5, closed_after = 90, largest_loss, largest_jump
-- Why: by week, so that what came late elsewhere does not hide it; by year, because a lost year, or
--   one pasted twice, drowns in twenty. Fewer than {least} are revised one by one; {closed_after}
--   days after a year most of what is entered late is there.

WITH
-- What comes before the first day there was is no year that grew; what the sender says was never
-- complete is not lost.
covered AS (
    SELECT
        city, MIN(old.day) AS begun, (
            SELECT MIN(data_through) FROM before_through AS ends
            WHERE ends.city = old.city AND extract IN ('incidents', 'victims')
        ) AS through
    FROM before_victims AS old
    INNER JOIN cities USING (city)
    WHERE day >= begins
    GROUP BY city
),
weeks AS (
    SELECT
        city, through, YEAR(day) AS year, DATE_TRUNC('week', day) AS week,
        SUM(old) AS before, SUM(new) AS after
    FROM (
        SELECT before_victims.city, day, victims AS old, 0 AS new
        FROM before_victims INNER JOIN cities USING (city)
        WHERE day >= begins
        UNION ALL
        SELECT city, day, 0, victims FROM after_victims
    ) AS days
    INNER JOIN covered USING (city)
    WHERE day BETWEEN begun AND through
    GROUP BY ALL
),
years AS (
    SELECT
        city, year, through, CAST(SUM(before) AS BIGINT) AS before, SUM(after) AS after,
        CAST(SUM(GREATEST(before - after, 0)) AS BIGINT) AS missing,
        CAST(SUM(GREATEST(after - before, 0)) AS BIGINT) AS added,
        IF(
            MAKE_DATE(year, 12, 31) + $closed_after <= through, $largest_loss, $largest_jump
        ) AS most_added
    FROM weeks
    GROUP BY city, year, through
),
changed AS (
    SELECT
        city, year, 'gone from' AS what,
        IF(
            after = 0 AND MAKE_DATE(year, 12, 31) <= through,
            PRINTF('all %d of %d', before, year),
            PRINTF('%d of %d of %d (%.0f%%)', missing, before, year, 100.0 * missing / before)
        ) AS words
    FROM years
    WHERE
        before > 0 AND (
            (after = 0 AND MAKE_DATE(year, 12, 31) <= through)
            OR (missing >= $least AND missing > $largest_loss * before)
        )
    UNION ALL
    SELECT
        city, year, 'new in',
        PRINTF('%d more than the %d of %d (%.0f%%)', added, before, year, 100.0 * added / before)
    FROM years
    WHERE before > 0 AND added >= $least AND added > most_added * before
)
SELECT
    city AS id, cities.name AS city, what, STRING_AGG(words, '; ' ORDER BY year) AS years,
    PRINTF('%.0f%%', 100.0 * $largest_loss) AS most,
    IF(what = 'new in', PRINTF(
        ', and %.0f%% of one that ended less than %d days before',
        100.0 * $largest_jump, $closed_after
    ), '') AS late
FROM changed
INNER JOIN cities USING (city)
GROUP BY city, cities.name, what
