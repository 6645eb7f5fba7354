-- What changed in past periods since the release before this one?
-- Parameters: none
-- Grain: position
-- Class: public_record
-- Reads: none
-- Protects: none

SELECT
    ledger.position,
    ledger.sentence,
    ledger.against
FROM ledger
ORDER BY ledger.position
