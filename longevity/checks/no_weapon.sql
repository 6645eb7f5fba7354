-- the weapon of {rows} of {victims} victims of {city}{during} is unknown, so that they are in no
--   count of people shot.
-- Do: If the source holds shootings only, write weapon = { constant = "firearm" } under
--   [victims.columns] of the mapping; else map the column that says it.
-- On: victims.weapon
-- Severity: error, acceptable
-- Reads: incidents
-- Thresholds: nearly_all = 0.9, least_of_a_year = 5
-- Found: the weapon is unknown for {nearly_all} of the victims, of all or of {least_of_a_year} or
--   more in one year

WITH years AS (
    SELECT
        victims.city, YEAR(CAST(occurred_at AS DATE)) AS in_year, COUNT(*) AS victims,
        COUNT(*) FILTER (weapon = 'unknown') AS unknown,
        SUM(COUNT(*) FILTER (weapon = 'unknown')) OVER of_city
        >= $nearly_all * SUM(COUNT(*)) OVER of_city AS whole
    FROM victims INNER JOIN incidents ON incidents.incident_id = victims.incident_id
    WHERE occurred_at IS NOT NULL
    GROUP BY victims.city, in_year
    WINDOW of_city AS (PARTITION BY victims.city)
)
SELECT
    city, CAST(SUM(unknown) AS BIGINT) AS rows, CAST(SUM(victims) AS BIGINT) AS victims,
    IF(BOOL_OR(whole), '', ' in ' || ARRAY_TO_STRING(LIST(in_year ORDER BY in_year), ', '))
        AS during
FROM years
WHERE whole OR (victims >= $least_of_a_year AND unknown >= $nearly_all * victims)
GROUP BY city
