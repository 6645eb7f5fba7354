-- Of those who came and began a service, how many were active at 90 days, in two closed years?
-- Parameters:
--   city: city = null — one city, or all of them
--   year: integer(1900..2200) = null — the later of two closed years, or null for the newest
-- Grain: city, year
-- Class: public_table
-- Reads: call_ins, invitations, services
-- Protects: active_90
-- Numerator: active_90: a service begun within 30 days and not completed, with a contact on day
--   60 or later
-- Denominator: began: of both years, as the table by year says

WITH kept AS (
    SELECT
        cells.table_name,
        cells.city,
        cells.year,
        cells.counted,
        cells.state,
        cells.cut_on
    FROM public_tables AS cells
    WHERE
        cells.table_name = 'still_active'
        OR (cells.table_name = 'funnel' AND cells.value = 'intake_30')
),

asked AS (
    SELECT COALESCE($year, MAX(kept.year)) AS year
    FROM kept
    WHERE kept.table_name = 'still_active'
),

began AS (
    SELECT
        kept.city,
        asked.year,
        SUM(kept.counted) AS members
    FROM kept
    INNER JOIN asked ON kept.year > asked.year - 2 AND kept.year < asked.year + 1
    WHERE kept.table_name = 'funnel'
    GROUP BY kept.city, asked.year
    HAVING COUNT(kept.counted) = 2
)

SELECT
    CAST(cities.city AS VARCHAR) AS city,
    asked.year,
    began.members AS began,
    active.counted AS active_90,
    -- Two years that were not frozen are missing: not zero, and not withheld.
    COALESCE(active.state, 'missing') AS active_90_state,
    active.cut_on
FROM cities
CROSS JOIN asked
LEFT JOIN kept AS active
    ON
        active.table_name = 'still_active'
        AND CAST(cities.city AS VARCHAR) = active.city
        AND asked.year = active.year
LEFT JOIN began
    ON
        CAST(cities.city AS VARCHAR) = began.city
        AND asked.year = began.year
WHERE asked.year IS NOT NULL AND ($city IS NULL OR CAST(cities.city AS VARCHAR) = $city)
ORDER BY cities.position
