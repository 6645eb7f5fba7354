-- What did the checks find in all the rows of this release?
-- Parameters: none
-- Grain: position
-- Class: aggregate
-- Reads: none
-- Protects: none

-- A finding is of a file, not of a city, so a city's own database has none.
SELECT
    checks.position,
    checks.rule,
    checks.severity,
    checks.sentence,
    checks.count
FROM checks
ORDER BY checks.position
