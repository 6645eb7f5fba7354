-- How many incidents of each city were classified otherwise since the release before this one?
-- Parameters: city
-- Grain: city
-- Class: aggregate
-- Order: position
-- Reads: none
-- Protects: gmi_changed, circumstance_changed

SELECT
    reclassified.city,
    reclassified.gmi_changed,
    reclassified.circumstance_changed
FROM reclassified
WHERE $city IS NULL OR reclassified.city = $city
