-- a notification before the incident it answers.
-- Do: Correct one of the two.
-- On: custom_notifications.attempted_on (a date)
-- Severity: warning
-- Reads: incidents

SELECT notifications.at_row
FROM custom_notifications AS notifications
SEMI JOIN incidents
    ON
        incidents.incident_id = notifications.trigger_incident_id
        AND notifications.attempted_on < CAST(incidents.occurred_at AS DATE)
