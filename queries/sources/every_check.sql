-- What did the checks find in all the rows of this release?
-- Grain: position
-- Class: aggregate
-- Of: checks

-- A finding is of a file, not of a city, so a city's own database has none.
SELECT
    checks.position,
    checks.rule,
    checks.severity,
    checks.sentence,
    checks.count
FROM all_checks AS checks
ORDER BY checks.position
