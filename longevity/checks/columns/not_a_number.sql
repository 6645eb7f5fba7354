-- not a number, or infinite.
-- Do: Leave the cell empty when the number is not known.
-- On: any (NaN or infinity)
-- For: decimal
-- Severity: error

SELECT at_row
FROM given
WHERE NOT ISFINITE($value)
