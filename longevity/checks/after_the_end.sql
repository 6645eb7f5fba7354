-- the newest incident of {city} is of {newest}, after {ended_on}, on which its source is said to
--   have ended.
-- Do: Take ended_on out of longevity.toml where the source goes on, or the rows out of the extract.
-- On: incidents
-- Severity: error, acceptable
-- Found: the newest incident of a city is later than its `ended_on` in the configuration, after
--   which it would be in no comparison of cities

SELECT
    city, ended_on, CAST(MAX(occurred_at) AS DATE) AS newest,
    COUNT(*) FILTER (CAST(occurred_at AS DATE) > ended_on) AS rows
FROM incidents
INNER JOIN cities USING (city)
GROUP BY ALL
HAVING newest > ended_on
