-- Which incidents do the counts leave out, and why?
-- Parameters:
--   city: city = null — one city, or all of them
-- Grain: city, year, circumstance
-- Class: public_record
-- Reads: incidents, victims
-- Protects: victims

SELECT
    uncounted.city,
    uncounted.year,
    uncounted.circumstance,
    SUM(uncounted.incidents) AS incidents,
    SUM(uncounted.victims) AS victims
FROM uncounted
INNER JOIN cities ON uncounted.city = cities.city
WHERE $city IS NULL OR uncounted.city = $city
GROUP BY uncounted.city, cities.position, uncounted.year, uncounted.circumstance
ORDER BY cities.position, uncounted.year, uncounted.circumstance
