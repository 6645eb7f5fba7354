-- {city} has {few} of the {of_all} rows, and would be shown as if nothing else happened there.
-- Do: Is its name mistyped? Correct it.
-- Severity: error, acceptable
-- Thresholds: most = 3, times = 100
-- Found: at most {most} rows are of a city, and {times} times as many of another: one mistyped row
--   is enough for a city to count as having supplied the extract

SELECT
    extract, 'city' AS field, city, rows AS few, FORMAT('{:,}', SUM(rows) OVER of_extract) AS of_all
FROM supplied
WINDOW of_extract AS (PARTITION BY extract)
QUALIFY rows <= $most AND MAX(rows) OVER of_extract >= $times * rows
