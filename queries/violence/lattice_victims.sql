-- Of the people shot in a closed year, how many were of each age, sex and race, and group-involved?
-- Parameters:
--   city: city = null — one city, or all of them
--   year: integer(1900..2200) = null — one closed year, or null for the newest that was cut
-- Grain: city, year, attribute, value
-- Class: lattice
-- Reads: incidents, victims
-- Protects: victims
-- Adds up over: value
-- Used by: Compare cities

WITH kept AS (
    SELECT
        lattice.table_name,
        lattice.city,
        lattice.year,
        lattice.value,
        lattice.position,
        lattice.counted,
        lattice.state,
        lattice.cut_on
    FROM lattice
    WHERE lattice.table_name IN ('age_band', 'sex', 'race_ethnicity', 'gmi')
),

asked AS (
    SELECT COALESCE(CAST($year AS BIGINT), MAX(kept.year)) AS year FROM kept
),

spine AS (
    SELECT DISTINCT
        kept.table_name,
        kept.value,
        kept.position,
        asked.year
    FROM kept
    CROSS JOIN asked
)

SELECT
    CAST(cities.city AS VARCHAR) AS city,
    spine.year,
    spine.table_name AS attribute,
    spine.value,
    kept.counted AS victims,
    -- A year that was not cut is missing: not zero, and not withheld.
    COALESCE(kept.state, 'missing') AS victims_state,
    -- All victims of that year, as counted then: a share is of them.
    wholes.counted AS whole,
    kept.cut_on
FROM cities
CROSS JOIN spine
LEFT JOIN kept
    ON
        CAST(cities.city AS VARCHAR) = kept.city
        AND spine.table_name = kept.table_name
        AND spine.year = kept.year
        AND spine.value = kept.value
LEFT JOIN lattice AS wholes
    ON
        CAST(cities.city AS VARCHAR) = wholes.city
        AND spine.year = wholes.year
        AND wholes.table_name = 'young_black_men'
        AND wholes.value = 'victims'
WHERE $city IS NULL OR CAST(cities.city AS VARCHAR) = $city
ORDER BY cities.position, spine.table_name, spine.position
