-- the key ({keys}) was there in an earlier row{which}.
-- Do: {advice}
-- On: any (a key)
-- Severity: error
-- Found: a key that was there in an earlier row; in one of another city,
--   `duplicate_across_cities`

-- Hashes first: eight bytes a row fit where ten million keys do not.
WITH suspects AS (
    SELECT HASH($key) AS hashed
    FROM $extract
    WHERE $filled
    GROUP BY hashed
    HAVING COUNT(*) > 1
),
repeats AS (
    SELECT
        at_row, ROW_NUMBER() OVER (PARTITION BY $key ORDER BY at_row) AS turn,
        COUNT(DISTINCT city) OVER (PARTITION BY $key) > 1 AS elsewhere
    FROM $extract
    WHERE $filled AND HASH($key) IN (SELECT hashed FROM suspects)
)
SELECT
    at_row, IF(elsewhere, 'duplicate_across_cities', 'duplicate_key') AS rule,
    IF(elsewhere, ', of another city', '') AS which,
    IF(
        elsewhere,
        'Decide which city it belongs to, or give codes that differ between cities.',
        'Keep one row for each.'
    ) AS advice
FROM repeats
WHERE turn > 1
