-- How many custom notifications reached the person, the family, or no one?
-- Parameters: as_of, since
-- Grain: city
-- Class: aggregate
-- Reads: custom_notifications
-- Protects: attempted, direct, collateral, no_contact, people, people_direct
-- Share: direct of attempted

SELECT
    spans.city,
    COUNT(attempts.notification_id) AS attempted,
    COUNT(*) FILTER (attempts.contact = 'direct') AS direct,
    COUNT(*) FILTER (attempts.contact = 'collateral') AS collateral,
    COUNT(*) FILTER (attempts.contact = 'none') AS no_contact,
    COUNT(DISTINCT attempts.person_id) AS people,
    COUNT(DISTINCT attempts.person_id) FILTER (attempts.contact = 'direct') AS people_direct,
    COUNT(attempts.notification_id) FILTER (attempts.group_id IS NULL) AS group_unknown,
    spans.first_day,
    spans.last_day
FROM SUPPLIED_SPANS(['custom_notifications'], $as_of, $since) AS spans
LEFT JOIN custom_notifications AS attempts
    ON
        spans.city = attempts.city
        AND attempts.attempted_on BETWEEN spans.first_day AND spans.last_day
GROUP BY ALL
