-- {rows} of {nones} incidents of {city} that no group is said to be involved in have no day of
--   review: what nobody looked at would be told as a no.
-- Do: Where nobody reviewed an incident, map its gmi to unknown.
-- On: incidents.gmi (a word)
-- Severity: error, acceptable
-- Of: real data
-- Thresholds: least = 20, share = 0.1
-- Found: gmi is `none` and no review is noted, of {least} incidents or more and {share} of those
--   with `none`: what nobody looked at is told as a no. A warning of a city that notes no review at
--   all

SELECT
    city, COUNT(*) FILTER (reviewed_on IS NULL) AS rows, COUNT(*) AS nones,
    IF(
        city IN (SELECT other.city FROM incidents AS other WHERE other.reviewed_on IS NOT NULL),
        'error',
        'warning'
    ) AS severity
FROM incidents
WHERE gmi = 'none'
GROUP BY city
HAVING rows >= $least AND rows >= $share * nones
