-- How many incidents of each city were classified otherwise since the release before this one?
-- Parameters:
--   city: city = null — one city, or all of them
-- Grain: city
-- Class: aggregate
-- Reads: none
-- Protects: gmi_changed, circumstance_changed

SELECT
    cities.city,
    reclassified.gmi_changed,
    reclassified.circumstance_changed
FROM reclassified
INNER JOIN cities ON reclassified.city = CAST(cities.city AS VARCHAR)
WHERE $city IS NULL OR reclassified.city = $city
ORDER BY cities.position
