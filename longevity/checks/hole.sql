-- {city} has no {noun} from {first} to {last}{more}. Each of these days would be {wrong}.
-- Do: Are a month, a year, or a file of several missing? Ask for them.
-- Severity: error, acceptable
-- Reads: incidents, holes, silences, copies
-- Found: seven days or more within the file without an incident, a victim, or any of the program's
--   work (as under `ends_early`), too many for the city's own pace: half a month, a year or a file
--   is missing

WITH other AS (
    SELECT extract, city FROM silences WHERE NOT backward AND extract <> 'victims'
    UNION ALL
    SELECT extract, city FROM copies WHERE extract <> 'victims'
    UNION ALL
    SELECT 'victims', city FROM silences WHERE NOT backward AND extract = 'incidents'
    UNION ALL
    SELECT 'victims', city FROM copies WHERE extract = 'incidents'
    UNION ALL
    SELECT 'victims', city FROM holes WHERE extract = 'incidents'
)
SELECT
    holes.extract, field, holes.city, COUNT(*) AS rows, MIN(first) AS first,
    ARG_MIN(last, first) AS last, REPLACE(holes.extract, '_', ' ') AS noun,
    CASE COUNT(*)
        WHEN 1 THEN '' WHEN 2 THEN ', nor in 1 more stretch'
        ELSE FORMAT(', nor in {} more stretches', COUNT(*) - 1)
    END AS more,
    IF(
        holes.extract IN ('incidents', 'victims'),
        'counted as without a shooting', 'shown as without work'
    ) AS wrong,
    LIST([first, last] ORDER BY first) AS days
FROM holes
-- Rows there twice halve the time between them, so that every gap looks long. Of victims it is
-- found where nothing is wrong with the days of their incidents.
ANTI JOIN other ON other.extract = holes.extract AND other.city = holes.city
GROUP BY holes.extract, field, holes.city
