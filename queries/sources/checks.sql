-- What did the checks find in what the public record counts?
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
