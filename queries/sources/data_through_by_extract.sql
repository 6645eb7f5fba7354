-- Which extracts were handed over, and through which day is each complete in each city?
-- Grain: extract, city
-- Class: public_record
-- Reads: none

SELECT
    sources.extract,
    cities.city,
    -- Of people and the program's work only a day that was stated: one derived from the
    -- newest row is the day something happened to somebody.
    data_through.day AS data_through,
    data_through.derived
FROM sources
CROSS JOIN cities
LEFT JOIN data_through USING (extract, city)
WHERE sources.supplied AND ($city IS NULL OR cities.city = $city)
ORDER BY sources.position, cities.position
