-- How many people live in the neighbourhoods of each city?
-- Parameters:
--   city: city = null — one city, or all of them
-- Grain: city
-- Class: public_record
-- Order: position
-- Reads: none
-- Protects: none

SELECT
    cities.city,
    SUM(areas.population) AS residents,
    COUNT(areas.neighbourhood) AS neighbourhoods,
    -- Areas nobody lives in, or whose residents no source gives.
    COUNT(areas.neighbourhood) FILTER (WHERE areas.population IS NULL) AS without_residents
FROM cities
LEFT JOIN areas USING (city)
WHERE $city IS NULL OR cities.city = $city
GROUP BY ALL
