-- How many custom notifications reached the person, the family, or nobody?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — the day it is told as of
--   since: date = null — the first day, or null for the twelve months to as_of
-- Grain: city
-- Class: aggregate
-- Reads: custom_notifications
-- Protects: attempted, direct, collateral, no_contact, people, people_direct
-- Numerator: direct
-- Denominator: attempted

WITH spans AS (
    SELECT
        city,
        position,
        first_day,
        last_day
    FROM SUPPLIED_SPANS(
        ['custom_notifications'], CAST($as_of AS DATE), $city, CAST($since AS DATE)
    )
),

counted AS (
    SELECT
        custom_notifications.city,
        COUNT(*) AS attempted,
        COUNT(*) FILTER (WHERE custom_notifications.contact = 'direct') AS direct,
        COUNT(*) FILTER (WHERE custom_notifications.contact = 'collateral') AS collateral,
        COUNT(*) FILTER (WHERE custom_notifications.contact = 'none') AS no_contact,
        COUNT(DISTINCT custom_notifications.person_id) AS people,
        COUNT(DISTINCT custom_notifications.person_id) FILTER (
            WHERE custom_notifications.contact = 'direct'
        ) AS people_direct,
        COUNT(DISTINCT custom_notifications.group_id) AS groups_spoken_to,
        COUNT(*) FILTER (WHERE custom_notifications.group_id IS NULL) AS group_unknown,
        COUNT(*) FILTER (
            WHERE custom_notifications.trigger_incident_id IS NOT NULL
        ) AS after_incident
    FROM custom_notifications
    INNER JOIN spans
        ON
            custom_notifications.city = spans.city
            AND custom_notifications.attempted_on >= spans.first_day
            AND custom_notifications.attempted_on <= spans.last_day
    GROUP BY custom_notifications.city
)

SELECT
    spans.city,
    COALESCE(counted.attempted, 0) AS attempted,
    COALESCE(counted.direct, 0) AS direct,
    COALESCE(counted.collateral, 0) AS collateral,
    COALESCE(counted.no_contact, 0) AS no_contact,
    COALESCE(counted.people, 0) AS people,
    COALESCE(counted.people_direct, 0) AS people_direct,
    COALESCE(counted.groups_spoken_to, 0) AS groups_spoken_to,
    COALESCE(counted.group_unknown, 0) AS group_unknown,
    COALESCE(counted.after_incident, 0) AS after_incident,
    spans.first_day,
    spans.last_day
FROM spans
LEFT JOIN counted ON spans.city = counted.city
ORDER BY spans.position
