-- {city}, {counted}: the neighbourhood given is not one of the city's areas.
-- Do: Spell it as the city's other rows or its boundaries do.
-- On: incidents.neighbourhood
-- Severity: warning

SELECT
    city AS id, cities.name AS city, COUNT(*) AS rows, COUNT_NOUN(COUNT(*), 'row') AS counted
FROM placed INNER JOIN cities USING (city)
WHERE given_unknown
GROUP BY ALL
