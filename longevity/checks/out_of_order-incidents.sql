-- {what} before the incident.
-- Do: Correct one of the two.
-- Reads: incidents
-- Found: a death, or (a warning) an action or a notification, before the incident it is of; such an
--   action is shown as an answer to none (docs/follow-up.md)

SELECT at_row, extract, field, what, severity
FROM (
    SELECT
        'victims' AS extract, 'died_on' AS field, 'a day of death' AS what, 'error' AS severity,
        at_row, incident_id, died_on AS day
    FROM victims
    UNION ALL
    SELECT
        'enforcement_actions', 'acted_on', 'an action', 'warning',
        at_row, trigger_incident_id, acted_on
    FROM enforcement_actions
    UNION ALL
    SELECT
        'custom_notifications', 'attempted_on', 'a notification', 'warning',
        at_row, trigger_incident_id, attempted_on
    FROM custom_notifications
) AS dated
SEMI JOIN incidents
    ON incidents.incident_id = dated.incident_id AND day < CAST(incidents.occurred_at AS DATE)
