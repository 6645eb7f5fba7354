-- Which incidents do the counts leave out, and why?
-- Parameters:
--   city: city = null — one city, or all of them
-- Grain: city, year, circumstance
-- Class: aggregate
-- Reads: incidents, victims
-- Protects: incidents, victims

SELECT
    cities.city,
    uncounted.year,
    uncounted.circumstance,
    SUM(uncounted.incidents) AS incidents,
    SUM(uncounted.victims) AS victims
FROM uncounted
INNER JOIN cities ON uncounted.city = CAST(cities.city AS VARCHAR)
WHERE $city IS NULL OR uncounted.city = $city
GROUP BY cities.city, cities.position, uncounted.year, uncounted.circumstance
ORDER BY cities.position, uncounted.year, uncounted.circumstance
