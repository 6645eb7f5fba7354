-- {what} went from {old} to {new}, {change} {direction}; at most {most} is expected.
-- Do: It is compared with the release {release}.
-- Severity: error, acceptable
-- Thresholds: largest_jump

WITH counts AS (
    SELECT
        extract, '' AS id, 'The rows of ' || extract AS what, old.rows AS old, new.rows AS new
    FROM before_files AS old
    INNER JOIN after_files AS new USING (extract)
    -- A mass shooting is one event: people may jump by it, and are compared week by week.
    WHERE extract <> 'victims'
    UNION ALL
    SELECT
        'victims', old.city, 'The incidents with victims of ' || cities.name, COUNT(*), (
            SELECT COUNT(*) FROM after_located AS new
            WHERE new.city = old.city AND COALESCE(victims, fatal) > 0
        )
    FROM before_located AS old
    INNER JOIN cities USING (city)
    WHERE COALESCE(victims, fatal) > 0
    GROUP BY old.city, cities.name
)
SELECT
    extract, id, what, CAST(old AS BIGINT) AS old, CAST(new AS BIGINT) AS new,
    PRINTF('%.0f%%', 100 * ABS(new - old) / old) AS change,
    IF(new > old, 'more', 'fewer') AS direction, PRINTF('%.0f%%', 100.0 * $largest_jump) AS most
FROM counts
WHERE old > 0 AND ABS(new - old) > $largest_jump * old
