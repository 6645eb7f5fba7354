-- the {noun} is longer than {longest} characters.
-- Do: Shorten it; notes do not belong in an extract.
-- On: any (a long text)
-- For: code, text
-- Severity: error

SELECT at_row
FROM given
WHERE LENGTH($value) > $longest
