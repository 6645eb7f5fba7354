-- Of the members invited in each closed year, how many were reached, came, and were helped?
-- Parameters:
--   city: city = null — one city, or all of them
--   year: integer(1900..2200) = null — one closed year, or null for the newest that was frozen
-- Grain: city, year, step
-- Class: public_table
-- Reads: call_ins, invitations, services
-- Protects: members
-- Numerator: each step; those in custody are in none, what is not known in not_reached, not_come
-- Denominator: the step it is a part of, named in part_of

WITH kept AS (
    SELECT
        cells.city,
        cells.year,
        cells.value,
        cells.position,
        cells.counted,
        cells.state,
        cells.cut_on
    FROM public_tables AS cells
    WHERE cells.table_name = 'funnel'
),

asked AS (
    SELECT COALESCE($year, MAX(kept.year)) AS year FROM kept
),

spine AS (
    SELECT DISTINCT
        kept.value,
        kept.position,
        asked.year
    FROM kept
    CROSS JOIN asked
)

SELECT
    CAST(cities.city AS VARCHAR) AS city,
    spine.year,
    spine.value AS step,
    CASE
        WHEN spine.value IN ('reachable', 'not_reached') THEN 'invited'
        WHEN spine.value IN ('attended', 'not_come') THEN 'reachable'
        WHEN spine.value IN ('intake_30', 'no_intake_30') THEN 'attended'
    END AS part_of,
    kept.counted AS members,
    -- A year that was not frozen is missing: not zero, and not withheld.
    COALESCE(kept.state, 'missing') AS members_state,
    kept.cut_on
FROM cities
CROSS JOIN spine
LEFT JOIN kept
    ON
        CAST(cities.city AS VARCHAR) = kept.city
        AND spine.year = kept.year
        AND spine.value = kept.value
WHERE $city IS NULL OR CAST(cities.city AS VARCHAR) = $city
ORDER BY cities.position, spine.position
