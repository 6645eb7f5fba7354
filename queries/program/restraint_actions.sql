-- Which actions on groups with notice broke restraint, the newest first?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — nothing dated after this day is seen
--   list: choice(broke|all) = 'broke' — those that broke it, or all on groups with notice
-- Grain: city, action_id
-- Class: named
-- Order: acted_on DESC, position, action_id
-- Pages: 100 rows
-- Reads: incidents, incident_groups, groups, memberships, call_ins, invitations,
--   custom_notifications, enforcement_actions
-- Protects: none

SELECT
    cities.city,
    group_actions.action_id,
    group_actions.group_id,
    group_actions.acted_on,
    enforcement_actions.kind,
    enforcement_actions.agency,
    group_actions.notice_on,
    group_actions.last_violated_on,
    group_actions.acted_on - group_actions.last_violated_on AS quiet_days,
    episodes.violated_on AS answers_violation_on,
    group_actions.broke_restraint,
    COALESCE(
        group_actions.acted_on < CAST(incidents.occurred_at AS DATE), FALSE
    ) AS dated_before_trigger
FROM group_actions
INNER JOIN cities ON group_actions.city = cities.city
INNER JOIN enforcement_actions ON group_actions.action_id = enforcement_actions.action_id
LEFT JOIN episodes ON group_actions.answers = episodes.episode
LEFT JOIN incidents ON enforcement_actions.trigger_incident_id = incidents.incident_id
WHERE
    group_actions.notice_on IS NOT NULL
    -- Whether a group had shot is not known without the groups of each incident.
    AND group_actions.city IN (
        SELECT data_through.city FROM data_through
        WHERE data_through.extract = 'incident_groups'
    )
    AND group_actions.acted_on <= CAST($as_of AS DATE)
    AND ($list = 'all' OR group_actions.broke_restraint)
    AND ($city IS NULL OR cities.city = $city)
