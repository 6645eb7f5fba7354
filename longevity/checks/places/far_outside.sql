-- {city}, {counted}: the coordinates are farther from every area than the city is wide, so they are
--   taken for none; the neighbourhood counts where one is given.
-- Do: Are they of this city?
-- On: incidents.neighbourhood
-- Severity: warning

SELECT
    city AS id, cities.name AS city, COUNT(*) AS rows, COUNT_NOUN(COUNT(*), 'row') AS counted
FROM placed INNER JOIN cities USING (city)
WHERE far
GROUP BY ALL
