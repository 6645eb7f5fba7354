-- Which cities are in the program, since when, and on which day does each end its week?
-- Grain: city
-- Order: whole.position
-- Class: public_record
-- Reads: none

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
