-- the first of {city} is of {first}, and its first call-in or notification of {began}: what came
--   between would be shown as not done.
-- Do: Ask for what came before, or say from when the file is complete: data_from in the mapping or
--   extracts.toml. What came before is then not known.
-- Severity: error, acceptable
-- Reads: incidents
-- Thresholds: late_days = 365, least = 20
-- Found: enforcement, services, invitations, or who shot are on file only from more than a year
--   after the first call-in or notification, so what happened before would count as not done

WITH spoken AS (
    SELECT city, held_on AS day, TRUE AS session FROM call_ins
    UNION ALL
    SELECT city, attempted_on, FALSE FROM custom_notifications
),
given AS (
    SELECT 'enforcement_actions' AS extract, 'acted_on' AS field, city, acted_on AS day
    FROM enforcement_actions
    UNION ALL
    SELECT 'services', 'offered_on', city, offered_on FROM services
    UNION ALL
    SELECT 'invitations', 'call_in_id', invitations.city, call_ins.held_on
    FROM invitations INNER JOIN call_ins USING (call_in_id)
    UNION ALL
    SELECT
        'incident_groups', 'incident_id', incident_groups.city,
        CAST(incidents.occurred_at AS DATE)
    FROM incident_groups INNER JOIN incidents USING (incident_id)
),
firsts AS (
    SELECT extract, field, city, MIN(day) AS first
    FROM given GROUP BY ALL HAVING COUNT(*) >= $least
)
SELECT extract, field, firsts.city, first, MIN(day) AS began
FROM firsts
-- A session has invitations; whatever else was done is held against both ways of speaking.
INNER JOIN spoken ON spoken.city = firsts.city AND (session OR extract <> 'invitations')
ANTI JOIN declared
    ON
        declared.extract = firsts.extract AND declared.city = firsts.city
        AND data_from IS NOT NULL
GROUP BY ALL
HAVING first - began > $late_days
