-- Through which day is each extract complete in each city, and how many rows has it in all cities?
-- Parameters:
--   city: city = null — one city, or all of them
-- Grain: extract, city
-- Class: public_record
-- Reads: none
-- Protects: none

SELECT
    sources.extract,
    cities.city,
    data_through.day AS data_through,
    data_through.derived,
    -- Totals of the extract, the same beside each of its cities: never to be added up.
    sources.rows AS rows_of_all_cities,
    sources.quarantined AS quarantined_of_all_cities
FROM sources
CROSS JOIN cities
LEFT JOIN data_through
    ON sources.extract = data_through.extract AND cities.city = data_through.city
WHERE $city IS NULL OR cities.city = $city
ORDER BY sources.position, cities.position
