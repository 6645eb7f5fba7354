-- in {city} {rows} people were shot in {year}, far more than in the year before ({before}) and in
--   the year after ({after}).
-- Do: Was a part of that year pasted twice, or does another source tell of the same events in it?
--   Keep one of each.
-- On: victims.incident_id
-- Severity: error, acceptable
-- Reads: incidents
-- Thresholds: times = 1.6, least = 50
-- Found: {least} or more people shot in a year, and {times} times as many as in the year before and
--   in the year after; between 0 and 5 in a hundred made-up cities had such a year

WITH complete AS (
    SELECT city, MAX(data_from) AS day FROM declared GROUP BY city
),
events AS (
    SELECT
        victims.city, victims.incident_id, CAST(occurred_at AS DATE) AS day, COUNT(*) AS hurt
    FROM victims
    INNER JOIN incidents ON incidents.incident_id = victims.incident_id
    LEFT JOIN complete ON complete.city = victims.city
    WHERE
        weapon = 'firearm' AND occurred_at IS NOT NULL
        AND (complete.day IS NULL OR CAST(occurred_at AS DATE) >= complete.day)
    GROUP BY ALL
),
years AS (
    SELECT
        city, YEAR(day) AS year, SUM(hurt) AS people, MIN(day) AS first, MAX(day) AS last,
        -- One mass shooting is no pasted part: the largest of a year counts as one person.
        people - MAX(hurt) + 1 AS shot
    FROM events
    GROUP BY ALL
),
-- A file may begin and end within a year: what there is of it counts for the whole.
lasting AS (
    SELECT
        *,
        IF(year = MIN(year) OVER of_city, MAKE_DATE(year, 12, 31) - first, 365) AS days_to_end,
        IF(year = MAX(year) OVER of_city, last - MAKE_DATE(year, 1, 1), 365) AS days_from_begin
    FROM years
    WINDOW of_city AS (PARTITION BY city)
),
compared AS (
    SELECT
        city, year, people, shot, LAG(shot) OVER line AS before, LEAD(shot) OVER line AS after,
        LAG(year) OVER line = year - 1 AND LEAD(year) OVER line = year + 1 AS next_to_it,
        LAG(days_to_end) OVER line AS days_before, LEAD(days_from_begin) OVER line AS days_after
    FROM lasting
    WINDOW line AS (PARTITION BY city ORDER BY year)
)
SELECT city, year, people AS rows, before, after
FROM compared
WHERE
    next_to_it AND LEAST(days_before, days_after) >= 365 / 2 AND shot >= $least
    AND shot >= $times * GREATEST(before * 365 / days_before, after * 365 / days_after)
