-- Which neighbourhoods are there, how large, with how many residents?
-- Grain: city, neighbourhood
-- Class: public_record
-- Reads: none

SELECT
    areas.city,
    areas.neighbourhood,
    areas.population,
    areas.area_km2
FROM areas
