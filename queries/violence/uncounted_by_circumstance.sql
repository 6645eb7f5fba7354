-- Which incidents do the counts leave out, and why?
-- Grain: city, year, circumstance
-- Class: aggregate
-- Reads: incidents, victims
-- Protects: incidents, victims

SELECT
    uncounted.city,
    uncounted.year,
    uncounted.circumstance,
    SUM(uncounted.incidents) AS incidents,
    SUM(uncounted.victims) AS victims
FROM uncounted
GROUP BY ALL
