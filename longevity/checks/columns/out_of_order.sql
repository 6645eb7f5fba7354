-- a date before the {earlier} of its row.
-- Do: Correct one of the two.
-- On: any (a date)
-- For: later
-- Severity: error

SELECT at_row
FROM given
WHERE CAST($value AS DATE) < CAST($earlier AS DATE)
