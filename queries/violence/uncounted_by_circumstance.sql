-- Which incidents do the counts leave out, and why?
-- Parameters:
--   city: city = null — one city, or all of them
-- Grain: city, year, circumstance
-- Class: aggregate
-- Reads: incidents, victims
-- Protects: incidents, victims
-- Used by: Sources and checks

SELECT
    cities.city,
    CAST(uncounted.year AS BIGINT) AS year,
    uncounted.circumstance,
    CAST(SUM(uncounted.incidents) AS BIGINT) AS incidents,
    CAST(SUM(uncounted.victims) AS BIGINT) AS victims
FROM uncounted
INNER JOIN cities ON uncounted.city = CAST(cities.city AS VARCHAR)
WHERE $city IS NULL OR uncounted.city = $city
GROUP BY cities.city, cities.position, uncounted.year, uncounted.circumstance
ORDER BY cities.position, uncounted.year, uncounted.circumstance
