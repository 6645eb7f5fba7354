-- {rows} of {nones} incidents of {city} that no group is said to be involved in have no day of
--   review: what no one looked at would be shown as a no.
-- Do: Where no one reviewed an incident, map its gmi to unknown.
-- On: incidents.gmi
-- Severity: error, acceptable
-- Thresholds: least = 20, share = 0.1
-- Found: gmi is `none` without a review noted in {least} incidents or more and {share} of those
--   with `none`, so what no one looked at counts as a no. A warning for a city that notes no review
--   at all

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
