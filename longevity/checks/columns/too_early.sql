-- a date before {earliest_year}.
-- Do: Correct it; a placeholder for an unknown date is left empty.
-- On: any (a date)
-- For: day, moment
-- Severity: error

SELECT at_row
FROM given
WHERE $value < MAKE_DATE($earliest_year, 1, 1)
