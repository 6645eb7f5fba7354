-- How many custom notifications reached the person, the family, or nobody?
-- Parameters: city, as_of, since
-- Grain: city
-- Class: aggregate
-- Order: position
-- Reads: custom_notifications
-- Protects: attempted, direct, collateral, no_contact, people, people_direct
-- Numerator: direct
-- Denominator: attempted

SELECT
    spans.city,
    COUNT(attempts.notification_id) AS attempted,
    COUNT(*) FILTER (WHERE attempts.contact = 'direct') AS direct,
    COUNT(*) FILTER (WHERE attempts.contact = 'collateral') AS collateral,
    COUNT(*) FILTER (WHERE attempts.contact = 'none') AS no_contact,
    COUNT(DISTINCT attempts.person_id) AS people,
    COUNT(DISTINCT attempts.person_id) FILTER (
        WHERE attempts.contact = 'direct'
    ) AS people_direct,
    COUNT(DISTINCT attempts.group_id) AS groups_spoken_to,
    COUNT(attempts.notification_id) FILTER (WHERE attempts.group_id IS NULL) AS group_unknown,
    COUNT(attempts.trigger_incident_id) AS after_incident,
    spans.first_day,
    spans.last_day
FROM SUPPLIED_SPANS(['custom_notifications'], $as_of, $city, $since) AS spans
LEFT JOIN custom_notifications AS attempts
    ON
        spans.city = attempts.city
        AND spans.first_day <= attempts.attempted_on
        AND spans.last_day >= attempts.attempted_on
GROUP BY ALL
