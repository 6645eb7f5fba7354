-- there is no value, and there must be one.
-- Do: Fill it in, or leave the row out.
-- On: any (nothing)
-- For: required
-- Severity: error

SELECT at_row
FROM given
WHERE $value IS NULL OR TRIM(CAST($value AS VARCHAR)) = ''
