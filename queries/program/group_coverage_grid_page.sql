-- Which active groups have notice, and when did a member last come to a call-in?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — the day it is told as of
--   rows: integer(1..1000) = 50 — how many a page
--   page: integer(1..1000000) = 1 — which page
-- Grain: city, group_id
-- Class: named
-- Of: group_coverage_grid
-- Reads: call_ins, invitations, groups, memberships, custom_notifications, incidents,
--   incident_groups
-- Protects: none
-- Used by: Call-ins

SELECT
    all_group_coverage_grid.city,
    all_group_coverage_grid.group_id,
    all_group_coverage_grid.label,
    all_group_coverage_grid.audited,
    all_group_coverage_grid.audited_on,
    all_group_coverage_grid.members,
    all_group_coverage_grid.notice_on,
    all_group_coverage_grid.last_attended_on,
    all_group_coverage_grid.days_since_attended,
    all_group_coverage_grid.attendees,
    all_group_coverage_grid.covered,
    all_group_coverage_grid.last_shooting_on,
    all_group_coverage_grid.last_day,
    CAST(COUNT(*) OVER () AS BIGINT) AS of_all
FROM all_group_coverage_grid
INNER JOIN cities ON all_group_coverage_grid.city = cities.city
QUALIFY
    CEIL(
        ROW_NUMBER() OVER (
            ORDER BY
                all_group_coverage_grid.audited ASC,
                (all_group_coverage_grid.notice_on IS NOT NULL) ASC,
                all_group_coverage_grid.days_since_attended DESC NULLS FIRST,
                cities.position ASC,
                all_group_coverage_grid.group_id ASC
        ) / $rows
    ) = $page
ORDER BY
    cities.position ASC,
    all_group_coverage_grid.label ASC,
    all_group_coverage_grid.group_id ASC
