-- Of the promises that closed in all cities together, how many were kept, by the year they began?
-- Parameters: none
-- Grain: year
-- Class: lattice
-- Reads: incidents, incident_groups, groups, memberships, call_ins, invitations,
--   custom_notifications, enforcement_actions
-- Protects: none
-- Numerator: answered in 30, in 31 to 60, in 61 to 90 days; not_kept: not answered in 90
-- Denominator: episodes, all of them closed

SELECT
    lattice.year,
    SUM(lattice.counted) AS episodes,
    SUM(lattice.counted) FILTER (WHERE lattice.value = 'kept_30') AS kept_30,
    SUM(lattice.counted) FILTER (WHERE lattice.value = 'kept_60') AS kept_60,
    SUM(lattice.counted) FILTER (WHERE lattice.value = 'kept_90') AS kept_90,
    SUM(lattice.counted) FILTER (WHERE lattice.value = 'not_kept') AS not_kept,
    MAX(lattice.cut_on) AS cut_on
FROM lattice
WHERE lattice.table_name = 'promises'
GROUP BY lattice.year
ORDER BY lattice.year
