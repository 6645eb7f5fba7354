-- Of the people shot in a closed year, how many were of each age, sex and race, and group-involved?
-- Parameters:
--   city: city = null — one city, or all of them
--   year: integer(1900..2200) = null — one closed year, or null for the newest that was cut
-- Grain: city, year, attribute, value
-- Class: lattice
-- Reads: incidents, victims
-- Protects: victims

WITH cut AS (
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
    WHERE lattice.table_name IN (
        'age_band', 'sex', 'race_ethnicity', 'gmi', 'young_black_men', 'people_shot'
    )
),

asked AS (
    SELECT COALESCE($year, MAX(cut.year)) AS year FROM cut
    -- Nothing was cut yet: no rows.
    HAVING COUNT(*) > 0
),

-- All victims of that year, as counted on the day of each cut: a share is of them.
wholes AS (
    SELECT
        cut.city,
        cut.year,
        cut.cut_on,
        MAX(cut.counted) AS counted
    FROM cut
    WHERE cut.value = 'victims'
    GROUP BY cut.city, cut.year, cut.cut_on
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
    -- not cut: neither is zero, and neither is withheld.
    COALESCE(
        kept.value,
        CASE
            WHEN (CAST(cities.city AS VARCHAR), asked.year) IN (
                SELECT (cut.city, cut.year) FROM cut
                WHERE cut.value = 'victims'
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
LEFT JOIN cut AS kept
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
