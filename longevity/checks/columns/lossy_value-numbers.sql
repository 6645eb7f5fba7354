-- a number that is not whole, or too large.
-- Do: Write the column in the type the contract says.
-- On: any (a number)
-- For: lossy integer
-- Severity: error

SELECT at_row
FROM given
WHERE $lossy
