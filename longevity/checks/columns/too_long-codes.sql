-- the code is longer than {longest_code} characters.
-- Do: Use a shorter one.
-- On: any (a long code)
-- For: code
-- Severity: error

SELECT at_row
FROM given
WHERE LENGTH($value) > $longest_code
