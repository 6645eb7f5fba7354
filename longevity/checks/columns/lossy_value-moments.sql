-- a date that is out of reach.
-- Do: Write the column in the type the contract says.
-- On: any (a date)
-- For: lossy moment
-- Severity: error

SELECT at_row
FROM given
WHERE $lossy
