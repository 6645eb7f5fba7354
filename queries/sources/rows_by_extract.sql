-- How many rows has each extract in each city, and through which day is it complete?
-- Grain: extract, city
-- Class: aggregate
-- Reads: none
-- Protects: rows

SELECT
    sources.extract,
    cities.city,
    COALESCE(extract_rows.rows, 0) AS rows,
    data_through.day AS data_through,
    data_through.derived,
    -- Of all cities, the same next to each, and for the state only: a row that was refused may
    -- say no city.
    sources.quarantined AS quarantined_of_all_cities
FROM sources
CROSS JOIN cities
LEFT JOIN extract_rows USING (extract, city)
LEFT JOIN data_through USING (extract, city)
WHERE sources.supplied AND ($city IS NULL OR cities.city = $city)
ORDER BY sources.position, cities.position
