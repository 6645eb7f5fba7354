-- How many active groups were told how long ago, and how many have no notice?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — the day it is told as of
--   recent_days: integer(1..365) = 92 — how many days ago is recent
-- Grain: city, audited, kind
-- Class: aggregate
-- Of: group_coverage_grid
-- Order: position, audited DESC, kind
-- Reads: call_ins, invitations, groups, memberships, custom_notifications, incidents,
--   incident_groups
-- Protects: members

SELECT
    grid.city,
    grid.audited,
    CASE
        WHEN grid.days_since_attended <= $recent_days THEN 'recent'
        WHEN grid.days_since_attended IS NOT NULL AND grid.covered THEN 'year'
        WHEN grid.days_since_attended IS NOT NULL THEN 'older'
        WHEN grid.notice_on IS NOT NULL THEN 'never'
        ELSE 'no_notice'
    END AS kind,
    COUNT(*) AS groups,
    COUNT(*) FILTER (WHERE grid.covered) AS covered,
    COUNT(*) FILTER (WHERE grid.notice_on IS NULL) AS without_notice,
    COUNT(grid.members) AS members_noted,
    SUM(grid.members) AS members,
    MAX(grid.last_day) AS last_day
FROM all_group_coverage_grid AS grid
GROUP BY ALL
