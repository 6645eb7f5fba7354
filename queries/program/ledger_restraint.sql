-- Which actions that broke restraint are on the lines of the ledger that come first?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — nothing dated after this day is seen
--   months: integer(1..60) = 12 — how long without a violation counts as stopped
--   list: choice(broke|all) = 'broke' — those that broke it, or all on groups with notice
--   rows: integer(1..1000) = 50 — how many groups
-- Grain: city, action_id
-- Class: named
-- Of: restraint_actions
-- Order: acted_on DESC, position, action_id
-- Reads: incidents, incident_groups, groups, memberships, call_ins, invitations,
--   custom_notifications, enforcement_actions
-- Protects: none

SELECT
    actions.city,
    actions.action_id,
    actions.group_id,
    actions.acted_on,
    lines.lines_of_all
FROM all_restraint_actions AS actions
INNER JOIN LEDGER_LINES($as_of, $months, $city) AS lines USING (city, group_id)
WHERE actions.broke_restraint AND lines.place <= $rows
