-- in {city} {rows} people were killed by a firearm and no one was wounded by one, {during}.
-- Do: If the source holds only those killed, say so: holds = ["fatal"] under [victims] of the
--   mapping, or {code} = ["fatal"] under [holds.outcomes] in extracts.toml. If it holds both, ask
--   for the rest.
-- On: victims.outcome (a word)
-- Severity: error, acceptable
-- Reads: incidents, shot_by_year
-- Thresholds: least = 2, least_of_a_year = 5
-- Found: {least} or more killed by a firearm and no one wounded by one in the whole file, or
--   {least_of_a_year} or more in one year: the list of the wounded comes later, or a part of it is
--   missing

WITH years AS (
    SELECT *, SUM(wounded) OVER (PARTITION BY city) > 0 AS others FROM shot_by_year
)
SELECT
    city, city AS code, CAST(SUM(dead) AS BIGINT) AS rows,
    IF(
        BOOL_OR(others), 'in ' || ARRAY_TO_STRING(LIST(in_year ORDER BY in_year), ', '),
        'in any year'
    ) AS during
FROM years
WHERE
    dead > 0 AND wounded = 0 AND (NOT others OR dead >= $least_of_a_year)
    AND NOT EXISTS (
        SELECT 1 FROM holds
        WHERE key = 'outcomes' AND holds.city = years.city AND NOT LIST_CONTAINS(held, 'nonfatal')
    )
GROUP BY city
HAVING SUM(dead) >= $least
