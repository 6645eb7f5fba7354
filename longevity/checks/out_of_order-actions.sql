-- an action before the incident it answers.
-- Do: It is shown as an answer to none: correct one of the two.
-- On: enforcement_actions.acted_on (a date)
-- Severity: warning
-- Reads: incidents
-- Found: an action dated before the incident it answers (docs/follow-up.md)

SELECT actions.at_row
FROM enforcement_actions AS actions
SEMI JOIN incidents
    ON
        incidents.incident_id = actions.trigger_incident_id
        AND actions.acted_on < CAST(incidents.occurred_at AS DATE)
