-- too few incidents of {city} have a place other than the city in {years}: of a year in which most
--   have none, and of those before it, nothing is shown by neighbourhood.
-- Do: Map the neighbourhood, or the coordinates.
-- On: incidents.neighbourhood
-- Severity: warning
-- Thresholds: placed = 0.85, least = 20, named = 3
-- Found: fewer than {placed} of a year's incidents (of {least} or more) have a neighbourhood or a
--   point; a map of fewer shows another pattern (J. H. Ratcliffe, Int. J. Geogr. Inf. Sci. 18
--   (2004) 61–72), so no screen says that one changed, and where most have none, none names any

WITH years AS (
    SELECT
        city, YEAR(CAST(occurred_at AS DATE)) AS in_year, COUNT(*) AS incidents,
        COUNT(*) FILTER (
            (neighbourhood IS NOT NULL OR HAS_POINT(longitude, latitude))
            AND location_precision IS DISTINCT FROM 'city'
        ) AS placed
    FROM incidents
    WHERE occurred_at IS NOT NULL
    GROUP BY ALL
    HAVING incidents >= $least AND placed < $placed * incidents
)
SELECT
    city, COUNT(*) AS rows,
    ARRAY_TO_STRING(LIST_SLICE(LIST(words ORDER BY in_year), 1, $named), ', ')
    || IF(COUNT(*) > $named, FORMAT(' and {} more years', COUNT(*) - $named), '') AS years
FROM (SELECT *, FORMAT('{} ({} of {})', in_year, placed, incidents) AS words FROM years) AS named
GROUP BY city
