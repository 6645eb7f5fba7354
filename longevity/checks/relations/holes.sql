-- Days within a file without an event, which no pace of its city explains: from `first` to `last`.
-- Reads: event_days
-- Thresholds: least_days = 7, mean_gaps = 20, usual_gaps = 3, remembered = 1095, least_gaps = 5,
--   few_days = 3
-- Why: **Holes.** A hole is {least_days} days or more, more than {mean_gaps} times the mean time
--   between incidents in the slower of the three years before and after it, and more than
--   {usual_gaps} times their usual gap: ten days with 750 incidents a year, six weeks with 165. Of
--   a thousand made-up cities with quiet winters and days that cluster, in eighteen years, none had
--   such a hole by chance with 100 incidents a year, 2 with 165, 11 with 750 and 19 with 1,000;
--   where one year differs from the next by a quarter 1, 5, 34 and 58. None of three real ones had
--   in four.

WITH days AS (
    SELECT
        event_days.*, DATE_DIFF('day', DATE '1970-01-01', day) AS number
    FROM event_days
    LEFT JOIN declared
        ON
            declared.city = event_days.city AND declared.extract
            = IF(event_days.extract = 'victims', 'incidents', event_days.extract)
    WHERE
        declared.data_from IS NULL OR day >= declared.data_from
),
gaps AS (
    SELECT
        *, LEAD(number) OVER line - number AS next_gap, number - LAG(number) OVER line AS last_gap,
        COUNT(*) OVER (PARTITION BY extract, city) - ROW_NUMBER() OVER line AS later
    FROM days
    WINDOW line AS (PARTITION BY extract, city ORDER BY number)
),
-- The longest gap of a pace is left out: it may be another hole, and would hide this one.
judged AS (
    SELECT
        *,
        COUNT(*) OVER before AS days_before,
        (number - MIN(number) OVER before - MAX(next_gap) OVER gaps_before)
        / (SUM(events) OVER before - 2) AS pace_before,
        MEDIAN(next_gap) OVER gaps_before AS usual_before,
        COUNT(*) OVER after AS days_after,
        (MAX(number) OVER after - number - MAX(last_gap) OVER gaps_after)
        / (SUM(events) OVER after - 2) AS pace_after,
        MEDIAN(last_gap) OVER gaps_after AS usual_after
    FROM gaps
    WINDOW before AS (
        PARTITION BY extract, city ORDER BY number
        RANGE BETWEEN $remembered PRECEDING AND CURRENT ROW
    ),
    gaps_before AS (
        PARTITION BY extract, city ORDER BY number
        RANGE BETWEEN $remembered PRECEDING AND 1 PRECEDING
    ),
    after AS (
        PARTITION BY extract, city ORDER BY number
        RANGE BETWEEN CURRENT ROW AND $remembered FOLLOWING
    ),
    gaps_after AS (
        PARTITION BY extract, city ORDER BY number
        RANGE BETWEEN 1 FOLLOWING AND $remembered FOLLOWING
    )
),
both_sides AS (
    SELECT
        extract, field, city, day, next_gap, later, days_before, pace_before, usual_before,
        LEAD(days_after) OVER line AS days_after, LEAD(pace_after) OVER line AS pace_after,
        LEAD(usual_after) OVER line AS usual_after
    FROM judged
    WINDOW line AS (PARTITION BY extract, city ORDER BY number)
)
SELECT
    extract, field, city,
    day + 1 AS first, day + CAST(next_gap AS INTEGER) - 1 AS last
FROM both_sides
WHERE
    next_gap > $least_days AND later > $few_days
    AND LEAST(days_before, days_after) > $least_gaps
    AND next_gap > $mean_gaps * GREATEST(pace_before, pace_after)
    AND next_gap > $usual_gaps * GREATEST(usual_before, usual_after)
