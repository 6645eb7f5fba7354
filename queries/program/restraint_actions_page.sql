-- Which actions on groups with notice broke restraint, the newest first?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — nothing dated after this day is seen
--   list: choice(broke|all) = 'broke' — those that broke it, or all on groups with notice
--   rows: integer(1..1000) = 100 — how many a page
--   page: integer(1..1000000) = 1 — which page
-- Grain: city, action_id
-- Class: named
-- Of: restraint_actions
-- Reads: incidents, incident_groups, groups, memberships, call_ins, invitations,
--   custom_notifications, enforcement_actions
-- Protects: none
-- Used by: Promises

SELECT
    all_restraint_actions.city,
    all_restraint_actions.action_id,
    all_restraint_actions.group_id,
    all_restraint_actions.acted_on,
    all_restraint_actions.kind,
    all_restraint_actions.agency,
    all_restraint_actions.notice_on,
    all_restraint_actions.last_violated_on,
    all_restraint_actions.quiet_days,
    all_restraint_actions.answers_violation_on,
    all_restraint_actions.broke_restraint,
    all_restraint_actions.dated_before_trigger,
    CAST(COUNT(*) OVER () AS BIGINT) AS of_all
FROM all_restraint_actions
INNER JOIN cities ON all_restraint_actions.city = cities.city
QUALIFY
    CEIL(
        ROW_NUMBER() OVER (
            ORDER BY
                all_restraint_actions.acted_on DESC,
                cities.position ASC,
                all_restraint_actions.action_id ASC
        ) / $rows
    ) = $page
ORDER BY
    all_restraint_actions.acted_on DESC,
    cities.position ASC,
    all_restraint_actions.action_id ASC
