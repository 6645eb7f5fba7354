-- What changed in past periods since the release before this one?
-- Parameters: city
-- Grain: position
-- Class: public_record
-- Reads: none

SELECT
    ledger.position,
    -- Empty where it is of no city alone.
    ledger.city,
    ledger.sentence,
    ledger.against
FROM ledger
WHERE $city IS NULL OR ledger.city = $city
