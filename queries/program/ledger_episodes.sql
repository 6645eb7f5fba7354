-- Which groups shot after notice, did enforcement on the group follow, and in how many days?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — nothing dated after this day is seen
--   months: integer(1..60) = 12 — how long without a violation counts as stopped
--   rows: integer(1..1000) = 50 — how many groups
-- Grain: city, group_id, violated_on
-- Class: named
-- Of: episodes
-- Order: position, violated_on, group_id
-- Reads: incidents, incident_groups, groups, memberships, call_ins, invitations,
--   custom_notifications, enforcement_actions
-- Protects: none

SELECT
    episodes.city,
    episodes.group_id,
    episodes.notice_on,
    episodes.violated_on,
    episodes.first_action_on,
    episodes.days,
    episodes.state_30,
    episodes.state_60,
    episodes.state_90,
    episodes.members_known,
    episodes.members_acted_on,
    episodes.window_ends_on,
    episodes.known_through,
    lines.lines_of_all
FROM all_episodes AS episodes
INNER JOIN LEDGER_LINES($as_of, $months, $city) AS lines USING (city, group_id)
WHERE lines.place <= $rows
