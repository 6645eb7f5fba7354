-- a city that is not in the configuration.
-- Do: {nearest}
-- On: any (a city)
-- For: city
-- Severity: error

SELECT at_row
FROM given
WHERE $value NOT IN $words
