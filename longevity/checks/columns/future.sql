-- a date {ahead}.
-- Do: No later than {latest} is possible today.
-- On: any (a date)
-- For: day, moment
-- Severity: error

SELECT at_row
FROM given
WHERE $value >= $too_late
