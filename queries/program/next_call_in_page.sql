-- Which groups should the next call-in be for, and how many of their members can be reached?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — the day it is told as of
--   rows: integer(1..1000) = 100 — how many a page
--   page: integer(1..1000000) = 1 — which page
-- Grain: city, group_id
-- Class: named
-- Of: next_call_in
-- Reads: call_ins, invitations, groups, memberships, people, supervision_spells,
--   custom_notifications, incidents, incident_groups
-- Protects: none
-- Used by: Call-ins

SELECT
    all_next_call_in.city,
    all_next_call_in.group_id,
    all_next_call_in.label,
    all_next_call_in.reason,
    all_next_call_in.notice_on,
    all_next_call_in.last_told_on,
    all_next_call_in.days_since_told,
    all_next_call_in.last_shooting_on,
    all_next_call_in.last_suspected_on,
    all_next_call_in.audited_on,
    all_next_call_in.members_on_audit,
    all_next_call_in.listed,
    all_next_call_in.reachable,
    all_next_call_in.reach_unknown,
    all_next_call_in.not_reached,
    all_next_call_in.in_custody,
    all_next_call_in.reachable_people,
    all_next_call_in.last_day,
    CAST(COUNT(*) OVER () AS BIGINT) AS of_all
FROM all_next_call_in
INNER JOIN cities ON all_next_call_in.city = cities.city
QUALIFY
    CEIL(
        ROW_NUMBER() OVER (
            ORDER BY
                all_next_call_in.last_shooting_on DESC NULLS LAST,
                all_next_call_in.last_suspected_on DESC NULLS LAST,
                cities.position ASC,
                all_next_call_in.group_id ASC
        ) / $rows
    ) = $page
ORDER BY
    cities.position ASC,
    all_next_call_in.last_shooting_on DESC NULLS LAST,
    all_next_call_in.last_suspected_on DESC NULLS LAST,
    all_next_call_in.group_id ASC
