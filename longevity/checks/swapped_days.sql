-- in {city}, the days of {rows} of {of} incidents of {year} {odd}.
-- Do: Which is the day, which the month? Say format in the mapping and import again, or correct the
--   source.
-- On: incidents.occurred_at
-- Severity: error, acceptable
-- Thresholds: least = 20, near = 31, beyond_chance = 5
-- Found: day and month of a year may be swapped. Half of the days that can be ({least} or more) are
--   nearer to the row before them in the file, and within {near} days, only when they are; or far
--   more than 37% of the incidents (which are usual) are of the 2nd to the 12th, as days that are
--   no month were lost

WITH ordered AS (
    SELECT
        city, CAST(occurred_at AS DATE) AS day,
        LAST_VALUE(IF(DAY(day) > 12, day, NULL) IGNORE NULLS)
            OVER (PARTITION BY city ORDER BY at_row)
            AS certain,
        IF(DAY(day) <= 12, MAKE_DATE(YEAR(day), DAY(day), MONTH(day)), day) AS swapped
    FROM incidents
    WHERE occurred_at IS NOT NULL
),
years AS (
    SELECT
        city, YEAR(day) AS year, COUNT(*) FILTER (swapped <> day) AS can_be,
        COUNT(*) FILTER (ABS(swapped - certain) < LEAST($near + 1, ABS(day - certain))) AS fit,
        -- The first is also what is written where only the month is known.
        COUNT(*) FILTER (DAY(day) > 1) AS later, COUNT(*) FILTER (DAY(day) BETWEEN 2 AND 12) AS low
    FROM ordered
    GROUP BY ALL
),
judged AS (SELECT *, can_be >= $least AND fit * 2 >= can_be AS in_order FROM years)
SELECT
    city, year, IF(in_order, fit, low) AS rows, IF(in_order, can_be, later) AS of,
    IF(
        in_order, 'fit the rows before them only with day and month swapped',
        'are from the 2nd to the 12th of a month'
    ) AS odd,
    [[MAKE_DATE(year, 1, 1), MAKE_DATE(year, 12, 31)]] AS days
FROM judged
WHERE in_order OR low - 0.374 * later > $beyond_chance * SQRT(0.374 * 0.626 * later)
