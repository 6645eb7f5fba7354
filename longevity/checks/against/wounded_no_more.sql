-- Of {city} {wounded} shot and wounded were counted before, and its sources are now said to hold
--   none of them.
-- Do: It is compared with the release {release}.
-- On: victims
-- Severity: error, acceptable

SELECT city AS id, cities.name AS city, CAST(SUM(wounded) AS BIGINT) AS wounded
FROM before_victims
INNER JOIN cities USING (city)
WHERE NOT cities.wounded_are_known
GROUP BY ALL
HAVING SUM(wounded) > 0
