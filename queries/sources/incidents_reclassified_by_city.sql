-- How many incidents of each city were classified otherwise since the release before this one?
-- Grain: city
-- Class: aggregate
-- Reads: none
-- Protects: gmi_changed, circumstance_changed

SELECT
    reclassified.city,
    reclassified.gmi_changed,
    reclassified.circumstance_changed
FROM reclassified
