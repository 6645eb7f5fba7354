-- Of the people shot in a closed year, how many were of each age, sex and race, and group-involved?
-- Parameters: year
-- Grain: city, year, attribute, value
-- Class: public_table
-- Reads: incidents, victims
-- Protects: victims

WITH cells AS (
    FROM public_tables
    WHERE
        table_name IN ('age_band', 'sex', 'race_ethnicity', 'gmi', 'young_black_men', 'people_shot')
),

years AS (
    SELECT COALESCE($year, MAX(cells.year)) AS year FROM cells
    -- Nothing was frozen yet: no rows.
    HAVING COUNT(*) > 0
),

-- All victims of that year, as counted on the day each was frozen: a share is of them.
wholes AS (
    SELECT
        cells.city,
        cells.year,
        cells.cut_on,
        MAX(cells.counted) AS counted
    FROM cells
    WHERE cells.value = 'victims'
    GROUP BY ALL
)

SELECT
    cities.city,
    years.year,
    attributes.attribute,
    -- A city has its own bands. What it never supplied has no table, nor has a year that was
    -- not frozen: neither is zero, and neither is withheld.
    COALESCE(
        cells.value,
        CASE
            WHEN (CAST(cities.city AS VARCHAR), years.year) IN (
                SELECT (counted_years.city, counted_years.year) FROM wholes AS counted_years
            ) THEN 'not_supplied'
            ELSE 'not_counted'
        END
    ) AS value,
    cells.counted AS victims,
    COALESCE(cells.state, 'missing') AS victims_state,
    wholes.counted AS whole,
    cells.cut_on
FROM cities
CROSS JOIN years
CROSS JOIN UNNEST(['age_band', 'gmi', 'race_ethnicity', 'sex']) AS attributes (attribute)
LEFT JOIN cells
    ON
        cities.city = cells.city
        AND attributes.attribute = cells.table_name
        AND years.year = cells.year
LEFT JOIN wholes
    ON
        cells.city = wholes.city
        AND cells.year = wholes.year
        AND cells.cut_on = wholes.cut_on
WHERE $city IS NULL OR cities.city = $city
ORDER BY cities.position, attributes.attribute, cells.position
