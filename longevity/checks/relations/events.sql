-- The dated rows of incidents and of the program's work, which is told as not done where it has no
--   row. Which groups an incident is laid to is not among them: it falls silent whenever few are
--   shot.
-- As: view

SELECT
    'incidents' AS extract, 'occurred_at' AS field, city, CAST(occurred_at AS DATE) AS day, at_row
FROM incidents
UNION ALL
SELECT 'enforcement_actions', 'acted_on', city, acted_on, at_row FROM enforcement_actions
UNION ALL
SELECT 'custom_notifications', 'attempted_on', city, attempted_on, at_row FROM custom_notifications
UNION ALL
SELECT 'shooting_reviews', 'held_on', city, held_on, at_row FROM shooting_reviews
UNION ALL
SELECT 'services', 'offered_on', city, offered_on, at_row FROM services
UNION ALL
SELECT 'supervision_contacts', 'contacted_on', city, contacted_on, at_row FROM supervision_contacts
UNION ALL
SELECT 'call_ins', 'held_on', city, held_on, at_row FROM call_ins
UNION ALL
SELECT 'releases_from_custody', 'released_on', city, released_on, at_row FROM releases_from_custody
UNION ALL
SELECT 'community_requests', 'asked_on', city, asked_on, at_row FROM community_requests
UNION ALL
SELECT 'community_events', 'held_on', city, held_on, at_row FROM community_events
