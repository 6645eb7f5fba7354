-- Which cities are in the program, since when, and on which day does each end its week?
-- Parameters: none
-- Grain: city
-- Class: public_record
-- Reads: none
-- Protects: none

SELECT
    cities.city,
    cities.name,
    cities.position,
    cities.week_ends_iso,
    cities.launched_on,
    cities.starts_on,
    cities.placed_from,
    cities.data_through
FROM cities
ORDER BY cities.position
