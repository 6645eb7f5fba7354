-- For how many groups should the next call-in be, and for how many of them is nobody reachable?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — the day it is told as of
-- Grain: city
-- Class: aggregate
-- Of: next_call_in
-- Reads: call_ins, invitations, groups, memberships, people, supervision_spells,
--   custom_notifications, incidents, incident_groups
-- Protects: none

SELECT
    cities.city,
    COUNT(*) AS groups,
    COUNT(*) FILTER (WHERE all_next_call_in.reason = 'no_notice') AS no_notice,
    COUNT(*) FILTER (WHERE all_next_call_in.reachable = 0) AS nobody_reachable,
    COUNT(*) FILTER (
        WHERE all_next_call_in.reachable = 0 AND all_next_call_in.reach_unknown > 0
    ) AS reach_unknown
FROM all_next_call_in
INNER JOIN cities ON all_next_call_in.city = CAST(cities.city AS VARCHAR)
GROUP BY cities.city, cities.position
ORDER BY cities.position
