-- What did the checks find in the data of this release?
-- Parameters: none
-- Grain: position
-- Class: public_record
-- Reads: none
-- Protects: none

SELECT
    checks.position,
    checks.rule,
    checks.severity,
    checks.sentence,
    checks.count
FROM checks
ORDER BY checks.position
