-- How many homicides did the state have in each year, by the national series?
-- Parameters:
--   year_from: integer(1900..2200) = 1900 — the first year
--   year_until: integer(1900..2200) = 2200 — the year after the last
-- Grain: year
-- Class: public_record
-- Reads: none
-- Protects: none

SELECT
    state_homicides.year,
    state_homicides.homicide AS homicides,
    state_homicides.population,
    state_homicides.definition,
    state_homicides.source_url
FROM state_homicides
WHERE
    state_homicides.year >= $year_from
    AND state_homicides.year < $year_until
ORDER BY state_homicides.year, state_homicides.source_url
