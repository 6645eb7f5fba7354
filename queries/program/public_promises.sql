-- Of the promises that closed in all cities together, how many were kept, by the year they began?
-- Grain: year
-- Class: public_table
-- Reads: incidents, incident_groups, groups, memberships, call_ins, invitations,
--   custom_notifications, enforcement_actions
-- Share: answered in 30, in 31 to 60, in 61 to 90 days, not_kept (not answered in 90) of episodes,
--   all of them closed; a year in which fewer than three cities had more than a few is withheld

SELECT
    cells.year,
    SUM(cells.counted) AS episodes,
    -- All cells of a year are shown, or none: where some are shown the others are zero.
    MIN(cells.state) AS episodes_state,
    SUM(cells.counted) FILTER (cells.value = 'kept_30') AS kept_30,
    SUM(cells.counted) FILTER (cells.value = 'kept_60') AS kept_60,
    SUM(cells.counted) FILTER (cells.value = 'kept_90') AS kept_90,
    SUM(cells.counted) FILTER (cells.value = 'not_kept') AS not_kept,
    MAX(cells.cut_on) AS cut_on
FROM public_tables AS cells
WHERE cells.table_name = 'promises'
GROUP BY cells.year
