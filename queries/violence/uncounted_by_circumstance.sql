-- Which incidents do the counts leave out, and why?
-- Parameters: city
-- Grain: city, year, circumstance
-- Class: aggregate
-- Order: position, year, circumstance
-- Reads: incidents, victims
-- Protects: incidents, victims

SELECT
    uncounted.city,
    uncounted.year,
    uncounted.circumstance,
    SUM(uncounted.incidents) AS incidents,
    SUM(uncounted.victims) AS victims
FROM uncounted
WHERE $city IS NULL OR uncounted.city = $city
GROUP BY ALL
