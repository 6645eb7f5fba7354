-- a day of death before the event.
-- Do: Correct one of the two.
-- On: victims.died_on (a date)
-- Reads: incidents

SELECT victims.at_row
FROM victims
SEMI JOIN incidents
    ON
        incidents.incident_id = victims.incident_id
        AND victims.died_on < CAST(incidents.occurred_at AS DATE)
