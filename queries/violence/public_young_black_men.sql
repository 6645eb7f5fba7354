-- Of the people shot in each closed year, how many were young Black men, and how many more may be?
-- Parameters: year
-- Grain: city, year
-- Class: public_table
-- Order: position
-- Reads: incidents, victims
-- Protects: young_black_men, victims, may_be
-- Share: young_black_men, Black men under 30 (to young_black_men + may_be), of victims

WITH counts AS (
    SELECT
        cells.city,
        cells.year,
        MAX(cells.counted) FILTER (cells.value = 'young_black_men') AS young_black_men,
        MAX(cells.state) FILTER (cells.value = 'young_black_men') AS young_state,
        MAX(cells.counted) FILTER (cells.value = 'may_be') AS may_be,
        MAX(cells.state) FILTER (cells.value = 'may_be') AS may_be_state,
        -- Where age, sex and race were not all frozen together, the victims alone were counted:
        -- with each of them, the last counts.
        ARG_MAX(cells.counted, cells.cut_on) FILTER (cells.value = 'victims') AS victims,
        ARG_MAX(cells.state, cells.cut_on) FILTER (cells.value = 'victims') AS victims_state,
        MAX(cells.cut_on) AS cut_on,
        cells.table_name = 'young_black_men' AS whole_table
    FROM public_tables AS cells
    WHERE cells.table_name IN ('people_shot', 'young_black_men')
    GROUP BY cells.city, cells.year, cells.table_name
    QUALIFY
        ROW_NUMBER() OVER (
            PARTITION BY cells.city, cells.year ORDER BY whole_table DESC
        ) = 1
),

years AS (
    SELECT COALESCE($year, MAX(counts.year)) AS year FROM counts
    -- Nothing was frozen yet: no rows.
    HAVING COUNT(*) > 0
)

SELECT
    cities.city,
    years.year,
    counts.young_black_men,
    COALESCE(counts.young_state, 'missing') AS young_black_men_state,
    counts.may_be,
    COALESCE(counts.may_be_state, 'missing') AS may_be_state,
    counts.victims,
    COALESCE(counts.victims_state, 'missing') AS victims_state,
    counts.cut_on
FROM cities
CROSS JOIN years
LEFT JOIN counts USING (city, year)
