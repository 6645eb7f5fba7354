-- How many murders did each city's police report to the national index in each month?
-- Parameters:
--   city: city = null — one city, or all of them
-- Grain: city, year, month
-- Class: public_record
-- Reads: none
-- Protects: none

SELECT
    cities.city,
    monthly_murders.year,
    monthly_murders.month,
    monthly_murders.murders,
    monthly_murders.definition,
    monthly_murders.source_url
FROM monthly_murders
INNER JOIN cities ON monthly_murders.city = cities.reference_key
WHERE $city IS NULL OR cities.city = $city
ORDER BY cities.position, monthly_murders.year, monthly_murders.month
