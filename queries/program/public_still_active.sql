-- Of those who came and began a service, how many were active at 90 days, in two closed years?
-- Parameters: year
-- Grain: city, year
-- Class: public_table
-- Reads: call_ins, invitations, services
-- Protects: active_90
-- Share: active_90 (a service begun within 30 days and not completed, with a contact on day 60 or
--   later) of began, of both years, as the table by year says

WITH years AS (
    SELECT COALESCE($year, MAX(cells.year)) AS year
    FROM public_tables AS cells
    WHERE cells.table_name = 'still_active'
),

intakes AS (
    SELECT
        cells.city,
        years.year,
        SUM(cells.counted) AS members
    FROM public_tables AS cells
    INNER JOIN years ON cells.year IN (years.year - 1, years.year)
    WHERE cells.table_name = 'funnel' AND cells.value = 'intake_30'
    GROUP BY cells.city, years.year
    HAVING COUNT(cells.counted) = 2
)

SELECT
    cities.city,
    years.year,
    intakes.members AS began,
    active.counted AS active_90,
    -- Two years that were not frozen are missing: not zero, and not withheld.
    COALESCE(active.state, 'missing') AS active_90_state,
    active.cut_on
FROM cities
CROSS JOIN years
LEFT JOIN public_tables AS active
    ON
        active.table_name = 'still_active'
        AND cities.city = active.city
        AND years.year = active.year
LEFT JOIN intakes ON cities.city = intakes.city AND years.year = intakes.year
WHERE years.year IS NOT NULL
