-- Which neighbourhoods are there, how large, with how many residents?
-- Parameters: city
-- Grain: city, neighbourhood
-- Class: public_record
-- Order: position, neighbourhood
-- Reads: none
-- Protects: none

SELECT
    areas.city,
    areas.neighbourhood,
    areas.population,
    areas.area_km2
FROM areas
WHERE $city IS NULL OR areas.city = $city
