-- What changed in past periods of each city since the release before this one?
-- Parameters:
--   city: city = null — one city, or all of them
-- Grain: city
-- Class: public_record
-- Reads: none
-- Protects: none

SELECT
    ledger.city,
    ledger.sentence,
    ledger.against
FROM ledger
WHERE
    ledger.city IS NOT NULL
    AND ($city IS NULL OR ledger.city = $city)
ORDER BY ledger.position
