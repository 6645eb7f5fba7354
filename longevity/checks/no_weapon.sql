-- the weapon of {rows} of {victims} victims of {city}{during} is unknown, so that they are in no
--   count of people shot.
-- Do: If the source holds shootings only, write weapon = { constant = "firearm" } under
--   [victims.columns] of the mapping; else map the column that says it.
-- On: victims.weapon (a word)
-- Severity: error, acceptable
-- Reads: incidents, shot_by_year
-- Thresholds: nearly_all = 0.9, least_of_a_year = 5
-- Found: the weapon is unknown for {nearly_all} of the victims, of all or of {least_of_a_year} or
--   more in one year

WITH years AS (
    SELECT
        *, SUM(unknown) OVER (PARTITION BY city)
        >= $nearly_all * SUM(victims) OVER (PARTITION BY city) AS whole
    FROM shot_by_year
)
SELECT
    city, CAST(SUM(unknown) AS BIGINT) AS rows, CAST(SUM(victims) AS BIGINT) AS victims,
    IF(BOOL_OR(whole), '', ' in ' || ARRAY_TO_STRING(LIST(in_year ORDER BY in_year), ', '))
        AS during
FROM years
WHERE whole OR (victims >= $least_of_a_year AND unknown >= $nearly_all * victims)
GROUP BY city
