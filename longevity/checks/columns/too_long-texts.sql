-- the text is longer than {longest_text} characters.
-- Do: Notes do not belong in an extract; shorten it.
-- On: any (a long text)
-- For: text
-- Severity: error

SELECT at_row
FROM given
WHERE LENGTH($value) > $longest_text
