-- How often nearly all rows of a city, or of years of it, are there, and how many of how many.
-- Thresholds: least = 5, least_of_a_year = 30, share = 0.8
-- Why: **Copies.** Rows without a key that are alike are different people. So what counts is not
--   that rows are alike, but that nearly all of them are there an even number of times (or three
--   times): of {least} different rows at least, or of {least_of_a_year} in one year. By chance
--   thirty are so once in 1,400.

WITH years AS (
    SELECT HASH(incident_id) AS code, MIN(YEAR(CAST(occurred_at AS DATE))) AS in_year
    FROM incidents GROUP BY code
),
alike AS (
    SELECT extract, city, YEAR(day) AS in_year, content, COUNT(*) AS times
    FROM events GROUP BY ALL
    UNION ALL
    -- A victim is of the year of the incident.
    SELECT 'victims', city, in_year, content, COUNT(*)
    FROM (
        SELECT
            city, HASH(incident_id) AS code,
            HASH(*COLUMNS(* EXCLUDE (at_row, victim_id))) AS content
        FROM victims
    ) AS coded
    LEFT JOIN years USING (code) GROUP BY ALL
),
counted AS (
    SELECT
        extract, city, in_year, GROUPING(in_year) = 1 AS whole,
        COUNT(*) AS different, CAST(SUM(times) AS BIGINT) AS total,
        COUNT(*) FILTER (times % 2 = 0) AS different_2,
        SUM(times) FILTER (times % 2 = 0) AS total_2,
        COUNT(*) FILTER (times % 3 = 0) AS different_3, SUM(times) FILTER (times % 3 = 0) AS total_3
    FROM alike
    GROUP BY GROUPING SETS ((extract, city), (extract, city, in_year))
),
judged AS (
    SELECT
        *,
        CASE
            WHEN different_2 >= $share * different AND total_2 >= $share * total THEN 2
            WHEN different_3 >= $share * different AND total_3 >= $share * total THEN 3
        END AS times
    FROM counted
    WHERE
        different >= IF(whole, $least, $least_of_a_year)
        AND (whole OR in_year IS NOT NULL)
)
SELECT
    extract, city, MIN(times) AS times,
    CAST(SUM(IF(times = 2, total_2, total_3)) AS BIGINT) AS there,
    CAST(SUM(total) AS BIGINT) AS total,
    LIST(in_year ORDER BY in_year) FILTER (NOT whole) AS years
FROM judged
WHERE times IS NOT NULL
GROUP BY extract, city, whole
-- Where the whole is there twice, so is each year of it.
QUALIFY whole OR NOT BOOL_OR(whole) OVER (PARTITION BY extract, city)
