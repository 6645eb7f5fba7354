-- {what} went from {old} to {new}, {change} {direction}; at most {most} is expected.
-- Do: It is compared with the release {release}.
-- On: any (a file)
-- Severity: error, acceptable
-- Thresholds: largest_jump

WITH counts AS (
    SELECT
        extract, '' AS id, 'The rows of ' || extract AS what, old.rows AS old, new.rows AS new
    FROM before_files AS old
    INNER JOIN after_files AS new USING (extract)
    UNION ALL
    SELECT
        'victims', old.city, 'The victims of ' || cities.name, SUM(old.victims), COALESCE(
            (SELECT SUM(new.victims) FROM after_victims AS new WHERE new.city = old.city), 0
        )
    FROM before_victims AS old
    INNER JOIN cities USING (city)
    GROUP BY old.city, cities.name
)
SELECT
    extract, id, what, CAST(old AS BIGINT) AS old, CAST(new AS BIGINT) AS new,
    PRINTF('%.0f%%', 100 * ABS(new - old) / old) AS change,
    IF(new > old, 'more', 'fewer') AS direction, PRINTF('%.0f%%', 100.0 * $largest_jump) AS most
FROM counts
WHERE old > 0 AND ABS(new - old) > $largest_jump * old
