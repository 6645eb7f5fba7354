-- {rows} of {codes} codes hold a long number, as records are numbered; it leads back to the record,
--   and to the people in it.
-- Do: Write {field} = { from = "…", coded = true } in the mapping (docs/import.md), or replace it
--   by an opaque code.
-- Thresholds: least = 5, share = 0.9, of_a_code = 0.4

WITH codes AS (
    SELECT
        at_row, $field AS code,
        -- Eight digits, or six behind letters as cases have them.
        REGEXP_EXTRACT(
            REGEXP_EXTRACT($field, '(?:^|[^0-9A-Za-z])[A-Za-z]{1,4}\d{6,}|[1-9]\d{7,}'), '\d+'
        ) AS run
    FROM $extract
    WHERE $field IS NOT NULL
),
records AS (
    SELECT at_row, TRY_CAST(run AS BIGINT) AS number FROM codes
    WHERE run <> '' AND LENGTH(run) >= $of_a_code * LENGTH(code)
)
SELECT COUNT(*) AS rows, MIN(at_row, 5) AS at_rows, (SELECT COUNT(*) FROM codes) AS codes
FROM records
HAVING
    rows >= $least AND rows >= $share * codes
    -- Running numbers lead back to nothing.
    AND COALESCE(MAX(number) - MIN(number) >= 4 * COUNT(DISTINCT number), TRUE)
