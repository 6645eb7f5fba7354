-- the value is not an opaque code.
-- Do: Use letters, digits and - _ . : only.
-- On: any (text that is not a code)
-- For: code
-- Severity: error

SELECT at_row
FROM given
WHERE NOT REGEXP_FULL_MATCH($value, '[A-Za-z0-9._:-]+')
