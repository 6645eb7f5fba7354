-- a day with a time of day.
-- Do: Write the column in the type the contract says.
-- On: any (a date and time)
-- For: lossy day
-- Severity: error

SELECT at_row
FROM given
WHERE $lossy
