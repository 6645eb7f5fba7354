-- What did the checks find in what the public record counts?
-- Grain: position
-- Class: public_record
-- Reads: none

SELECT
    checks.position,
    checks.rule,
    checks.severity,
    checks.sentence,
    checks.count
FROM checks
