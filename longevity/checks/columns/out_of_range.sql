-- a number that is not between {bounds}.
-- Do: Check the unit and the order of the columns.
-- On: any (a number)
-- For: bounded
-- Severity: error

SELECT at_row
FROM given
WHERE ISFINITE(CAST($value AS DOUBLE)) AND NOT $value BETWEEN $least AND $most
