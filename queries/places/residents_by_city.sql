-- How many people live in the neighbourhoods of each city?
-- Parameters:
--   city: city = null — one city, or all of them
-- Grain: city
-- Class: public_record
-- Reads: none
-- Protects: none

SELECT
    cities.city,
    SUM(areas.population) AS residents,
    COUNT(areas.neighbourhood) AS neighbourhoods,
    -- Areas nobody lives in, or whose residents no source gives.
    COUNT(*) FILTER (
        WHERE areas.neighbourhood IS NOT NULL AND areas.population IS NULL
    ) AS without_residents
FROM cities
LEFT JOIN areas ON cities.city = areas.city
WHERE $city IS NULL OR cities.city = $city
GROUP BY cities.city, cities.position
ORDER BY cities.position
