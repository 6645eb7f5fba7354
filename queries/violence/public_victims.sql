-- Of the people shot in a closed year, how many were of each age, sex and race, and group-involved?
-- Parameters:
--   city: city = null — one city, or all of them
--   year: integer(1900..2200) = null — one closed year, or null for the newest that was frozen
-- Grain: city, year, attribute, value
-- Class: public_table
-- Reads: incidents, victims
-- Protects: victims

WITH frozen AS (
    SELECT
        cells.table_name,
        cells.city,
        cells.year,
        cells.value,
        cells.position,
        cells.counted,
        cells.state,
        cells.cut_on
    FROM public_tables AS cells
    WHERE cells.table_name IN (
        'age_band', 'sex', 'race_ethnicity', 'gmi', 'young_black_men', 'people_shot'
    )
),

asked AS (
    SELECT COALESCE($year, MAX(frozen.year)) AS year FROM frozen
    -- Nothing was frozen yet: no rows.
    HAVING COUNT(*) > 0
),

-- All victims of that year, as counted on the day each was frozen: a share is of them.
wholes AS (
    SELECT
        frozen.city,
        frozen.year,
        frozen.cut_on,
        MAX(frozen.counted) AS counted
    FROM frozen
    WHERE frozen.value = 'victims'
    GROUP BY frozen.city, frozen.year, frozen.cut_on
),

attributes AS (
    SELECT parts.attribute
    FROM (VALUES ('age_band'), ('gmi'), ('race_ethnicity'), ('sex')) AS parts (attribute)
)

SELECT
    CAST(cities.city AS VARCHAR) AS city,
    asked.year,
    attributes.attribute,
    -- A city has its own bands. What it never supplied has no table, nor has a year that was
    -- not frozen: neither is zero, and neither is withheld.
    COALESCE(
        kept.value,
        CASE
            WHEN (CAST(cities.city AS VARCHAR), asked.year) IN (
                SELECT (frozen.city, frozen.year) FROM frozen
                WHERE frozen.value = 'victims'
            ) THEN 'not_supplied'
            ELSE 'not_counted'
        END
    ) AS value,
    kept.counted AS victims,
    COALESCE(kept.state, 'missing') AS victims_state,
    wholes.counted AS whole,
    kept.cut_on
FROM cities
CROSS JOIN asked
CROSS JOIN attributes
LEFT JOIN frozen AS kept
    ON
        CAST(cities.city AS VARCHAR) = kept.city
        AND attributes.attribute = kept.table_name
        AND asked.year = kept.year
LEFT JOIN wholes
    ON
        kept.city = wholes.city
        AND kept.year = wholes.year
        AND kept.cut_on = wholes.cut_on
WHERE $city IS NULL OR CAST(cities.city AS VARCHAR) = $city
ORDER BY cities.position, attributes.attribute, kept.position
