-- Which actions met groups with notice, and did they break restraint, the newest first?
-- Parameters: as_of
-- Grain: city, action_id
-- Class: named
-- Order: acted_on DESC, position, action_id
-- Reads: incidents, incident_groups, groups, memberships, call_ins, invitations,
--   custom_notifications, enforcement_actions

SELECT
    group_actions.city,
    group_actions.action_id,
    group_actions.group_id,
    group_actions.acted_on,
    enforcement_actions.kind,
    enforcement_actions.agency,
    group_actions.notice_on,
    group_actions.last_shot_on,
    group_actions.acted_on - group_actions.last_shot_on AS quiet_days,
    group_actions.broke_restraint,
    COALESCE(group_actions.acted_on < CAST(incidents.occurred_at AS DATE), FALSE)
        AS dated_before_trigger,
    names.label
FROM group_actions
INNER JOIN enforcement_actions USING (action_id)
LEFT JOIN AUDITED_GROUPS() AS names
    ON group_actions.city = names.city AND group_actions.group_id = names.group_id
LEFT JOIN incidents ON enforcement_actions.trigger_incident_id = incidents.incident_id
WHERE
    group_actions.notice_on IS NOT NULL
    -- Whether a group had shot is not known without the groups of each incident.
    AND HAS_SUPPLIED(group_actions.city, 'incident_groups')
    AND group_actions.acted_on <= $as_of
