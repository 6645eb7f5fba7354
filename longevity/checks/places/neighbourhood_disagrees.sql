-- {city}, {counted}: the neighbourhood given is not the one the coordinates lie in; the coordinates
--   win.
-- Do: Are they of the place that the row names?
-- On: incidents.neighbourhood
-- Severity: warning

SELECT
    city AS id, cities.name AS city, COUNT(*) AS rows, COUNT_NOUN(COUNT(*), 'row') AS counted
FROM placed INNER JOIN cities USING (city)
WHERE located_by = 'point' AND given_area <> neighbourhood
GROUP BY ALL
