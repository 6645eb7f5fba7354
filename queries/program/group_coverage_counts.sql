-- How many active groups were told how long ago, and how many have no notice?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — the day it is told as of
--   recent_days: integer(1..365) = 92 — how many days ago is recent
-- Grain: city, audited, kind
-- Class: aggregate
-- Of: group_coverage_grid
-- Reads: call_ins, invitations, groups, memberships, custom_notifications, incidents,
--   incident_groups
-- Protects: members

SELECT
    cities.city,
    all_group_coverage_grid.audited,
    CASE
        WHEN all_group_coverage_grid.days_since_attended <= $recent_days THEN 'recent'
        WHEN
            all_group_coverage_grid.days_since_attended IS NOT NULL
            AND all_group_coverage_grid.covered
            THEN 'year'
        WHEN all_group_coverage_grid.days_since_attended IS NOT NULL THEN 'older'
        WHEN all_group_coverage_grid.notice_on IS NOT NULL THEN 'never'
        ELSE 'no_notice'
    END AS kind,
    COUNT(*) AS groups,
    COUNT(*) FILTER (WHERE all_group_coverage_grid.covered) AS covered,
    COUNT(*) FILTER (WHERE all_group_coverage_grid.notice_on IS NULL) AS without_notice,
    COUNT(all_group_coverage_grid.members) AS members_noted,
    SUM(all_group_coverage_grid.members) AS members,
    MAX(all_group_coverage_grid.last_day) AS last_day
FROM all_group_coverage_grid
INNER JOIN cities ON all_group_coverage_grid.city = CAST(cities.city AS VARCHAR)
GROUP BY cities.city, cities.position, all_group_coverage_grid.audited, kind
ORDER BY cities.position ASC, all_group_coverage_grid.audited DESC, kind ASC
