-- For how many groups should the next call-in be, and for how many of them is nobody reachable?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — the day it is told as of
-- Grain: city
-- Class: aggregate
-- Of: next_call_in
-- Order: position
-- Reads: call_ins, invitations, groups, memberships, people, supervision_spells,
--   custom_notifications, incidents, incident_groups
-- Protects: none

SELECT
    due.city,
    COUNT(*) AS groups,
    COUNT(*) FILTER (WHERE due.reason = 'no_notice') AS no_notice,
    COUNT(*) FILTER (WHERE due.reachable = 0) AS nobody_reachable,
    COUNT(*) FILTER (WHERE due.reachable = 0 AND due.reach_unknown > 0) AS reach_unknown
FROM all_next_call_in AS due
GROUP BY due.city
