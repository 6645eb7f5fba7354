-- Of the people shot in a closed year, how many were of each age, sex and race, and group-involved?
-- Parameters:
--   city: city = null — one city, or all of them
--   year: integer(1900..2200) = null — one closed year, or null for the newest that was frozen
-- Grain: city, year, attribute, value
-- Class: public_table
-- Reads: incidents, victims
-- Protects: victims

WITH frozen AS (
    FROM public_tables
    WHERE table_name IN (
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
    GROUP BY ALL
)

SELECT
    cities.city,
    asked.year,
    attributes.attribute,
    -- A city has its own bands. What it never supplied has no table, nor has a year that was
    -- not frozen: neither is zero, and neither is withheld.
    COALESCE(
        frozen.value,
        CASE
            WHEN (CAST(cities.city AS VARCHAR), asked.year) IN (
                SELECT (counted_years.city, counted_years.year) FROM wholes AS counted_years
            ) THEN 'not_supplied'
            ELSE 'not_counted'
        END
    ) AS value,
    frozen.counted AS victims,
    COALESCE(frozen.state, 'missing') AS victims_state,
    wholes.counted AS whole,
    frozen.cut_on
FROM cities
CROSS JOIN asked
CROSS JOIN UNNEST(['age_band', 'gmi', 'race_ethnicity', 'sex']) AS attributes (attribute)
LEFT JOIN frozen
    ON
        cities.city = frozen.city
        AND attributes.attribute = frozen.table_name
        AND asked.year = frozen.year
LEFT JOIN wholes
    ON
        frozen.city = wholes.city
        AND frozen.year = wholes.year
        AND frozen.cut_on = wholes.cut_on
WHERE $city IS NULL OR cities.city = $city
ORDER BY cities.position, attributes.attribute, frozen.position
