-- What did the checks find in what the public record counts?
-- Parameters: none
-- Grain: position
-- Class: public_record
-- Reads: none
-- Protects: none
-- Used by: Sources and checks

SELECT
    checks.position,
    checks.rule,
    checks.severity,
    checks.sentence,
    CAST(checks.count AS BIGINT) AS count
FROM checks
ORDER BY checks.position
