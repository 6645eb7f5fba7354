-- Of the members invited in each closed year, how many were reached, came, and were helped?
-- Parameters: year
-- Grain: city, year, step
-- Class: public_table
-- Reads: call_ins, invitations, services
-- Protects: members
-- Share: reachable, not_reached of invited; attended, not_come of reachable; intake_30,
--   no_intake_30 of attended; in custody in none; not known within not_reached, not_come

WITH cells AS (
    FROM public_tables
    WHERE table_name = 'funnel'
),

spine AS (
    SELECT DISTINCT
        cells.value,
        cells.position,
        COALESCE($year, (SELECT MAX(years.year) FROM cells AS years)) AS year
    FROM cells
)

SELECT
    cities.city,
    spine.year,
    spine.value AS step,
    cells.counted AS members,
    -- A year that was not frozen is missing: not zero, and not withheld.
    COALESCE(cells.state, 'missing') AS members_state,
    cells.cut_on
FROM cities
CROSS JOIN spine
LEFT JOIN cells USING (city, year, value)
WHERE $city IS NULL OR cities.city = $city
ORDER BY cities.position, spine.position
