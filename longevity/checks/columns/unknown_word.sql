-- a word that is not one the contract knows.
-- Do: {nearest}
-- On: any (a word)
-- For: choice
-- Severity: error

SELECT at_row
FROM given
WHERE $value NOT IN $words
