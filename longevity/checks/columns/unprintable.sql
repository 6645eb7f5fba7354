-- the text holds line breaks, control characters or marks that turn its direction.
-- Do: Take them out.
-- On: any (text with control characters)
-- For: text
-- Severity: error

SELECT at_row
FROM given
WHERE REGEXP_MATCHES($value, $unseen)
