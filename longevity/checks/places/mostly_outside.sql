-- {city}, {counted}: most coordinates lie in no area of the city.
-- Do: Are they of this city, in degrees, longitude first?
-- On: incidents.neighbourhood
-- Severity: error, acceptable
-- Thresholds: least = 20
-- Why: another city's incidents under its name, or lines of another place; fewer points may well be
--   outside by chance.

SELECT
    city AS id, cities.name AS city, COUNT(*) FILTER (reason = 'outside' OR far) AS rows,
    COUNT_NOUN(COUNT(*) FILTER (reason = 'outside' OR far), 'row') AS counted,
    IF(COUNT(*) >= $least, 'error', 'warning') AS severity
FROM placed INNER JOIN cities USING (city)
WHERE HAS_POINT(longitude, latitude)
GROUP BY city, cities.name
HAVING COUNT(*) FILTER (reason = 'outside' OR far) * 2 > COUNT(*)
