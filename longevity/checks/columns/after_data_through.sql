-- a date after the day this source is said to be complete through.
-- Do: These days are not counted. If they are complete, move data_through in extracts.toml.
-- On: any (a date)
-- For: event
-- Severity: warning

SELECT at_row
FROM given
WHERE CAST($value AS DATE) > $through[city]
