-- How many rows of a city are there an even number of times (or three times) where nearly all are:
--   in the whole, or in a stretch of it, of which the `years` are named.
-- Thresholds: least = 5, share = 0.8, before = 29, stretch = 30, of_stretch = 28
-- Why: **Copies.** Rows without a key that are alike are different people. So what counts is not
--   that rows are alike, but that nearly all of them are there an even number of times (or three
--   times): four in five of the whole file, of {least} different rows at least, or {of_stretch} of
--   {stretch} different rows that follow one another by day, as where the newest month was pasted
--   again under new codes. By chance fewer than one in a thousand made-up files of eighteen years
--   had such a stretch, where of up to six incidents a day only the day is known.

WITH days AS (
    SELECT HASH(incident_id) AS code, MIN(CAST(occurred_at AS DATE)) AS day
    FROM incidents GROUP BY code
),
alike AS (
    SELECT extract, city, day, content, COUNT(*) AS rows
    FROM events GROUP BY ALL
    UNION ALL
    -- A victim is of the day of the incident.
    SELECT 'victims', city, day, content, COUNT(*)
    FROM (
        SELECT
            city, HASH(incident_id) AS code,
            HASH(*COLUMNS(* EXCLUDE (at_row, victim_id))) AS content
        FROM victims
    ) AS coded
    LEFT JOIN days USING (code) GROUP BY ALL
),
counted AS (
    SELECT
        *, COUNT(*) OVER file AS different, COUNT(*) FILTER (again) OVER file AS different_again,
        day IS NOT NULL AND COUNT(*) FILTER (again) OVER lately >= $of_stretch AS ends_stretch
    FROM (
        SELECT *, rows % times = 0 AS again
        FROM alike CROSS JOIN (SELECT UNNEST([2, 3]) AS times) AS often
    ) AS lines
    WINDOW
        file AS (PARTITION BY extract, city, times),
        lately AS (
            PARTITION BY extract, city, times ORDER BY day, content
            ROWS BETWEEN $before PRECEDING AND CURRENT ROW
        )
),
judged AS (
    SELECT
        *, different >= $least AND different_again >= $share * different AS whole,
        BOOL_OR(ends_stretch) OVER (
            PARTITION BY extract, city, times ORDER BY day, content
            ROWS BETWEEN CURRENT ROW AND $before FOLLOWING
        ) AS in_stretch
    FROM counted
)
SELECT
    extract, city, MIN(times) AS times, CAST(SUM(rows) AS BIGINT) AS there,
    LIST(DISTINCT YEAR(day) ORDER BY YEAR(day)) FILTER (NOT whole) AS years
FROM judged
WHERE again AND (whole OR in_stretch)
GROUP BY extract, city
