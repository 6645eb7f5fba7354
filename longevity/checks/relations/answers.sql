-- What counts as a no where a row does not give it, by extract, field and city: of how many rows
--   it is asked, how many of these say yes, in which `words`, and what would be shown; of how many
--   dated rows, asked or not, and how many of these say yes; which extract a city leaves out when
--   its source cannot say it, and how grave it is that every row says yes.

WITH listed (extract, field, words, would_show, only_yes) AS (
    VALUES
    ('incidents', 'reviewed_on', NULL, 'all {} as not reviewed', NULL),
    ('call_ins', 'held_on', NULL, 'all {} as not held', NULL),
    (
        'incident_groups', 'role', 'has a group as confirmed suspect',
        'no group as having shot in any of {}', NULL
    ),
    (
        'enforcement_actions', 'group_id', 'has scope = group and the group',
        'all {} as on no group', NULL
    ),
    ('releases_from_custody', 'greeted_on', NULL, 'all {} as not met', 'warning'),
    ('services', 'intake_on', NULL, 'all {} as not begun', 'error'),
    ('community_requests', 'answered_on', NULL, 'all {} as not answered', 'warning'),
    ('invitations', 'attended', 'says attended', 'none of {} invited as having come', 'error'),
    (
        'invitations', 'reachable', 'says that somebody could be reached',
        'none of {} invited as reached', NULL
    ),
    (
        'custom_notifications', 'contact', 'says with whom there was contact',
        'none of {} as made', 'error'
    ),
    ('supervision_contacts', 'result', 'says made under result', 'none of {} as made', NULL),
    -- Most of what began lately goes on, so these are judged by the oldest rows.
    (
        'memberships', 'until_on', 'of five years ago or more gives until_on',
        'all {} as members still', NULL
    ),
    (
        'people', 'delisted_on', 'of five years ago or more gives delisted_on',
        'all {} as on the list still', NULL
    ),
    (
        'supervision_spells', 'until_on', 'of five years ago or more gives until_on',
        'all {} as under supervision still', NULL
    )
),
newest AS (
    SELECT MAX(CAST(occurred_at AS DATE)) AS day FROM incidents
),
reviews AS (
    SELECT city, MIN(CAST(week_ending AS DATE)) - 6 AS begun FROM shooting_reviews GROUP BY city
),
sessions AS (
    SELECT COUNT(*) AS held FROM call_ins
),
invited AS (
    SELECT invitations.*, call_ins.held_on AS day
    FROM invitations LEFT JOIN call_ins USING (call_in_id)
    CROSS JOIN sessions
    WHERE sessions.held > 0
),
given AS (
    -- Before its first reviewed week a city held no reviews.
    SELECT
        'incidents' AS extract, 'reviewed_on' AS field, city, CAST(occurred_at AS DATE) AS day,
        TRUE AS asked, reviewed_on IS NOT NULL AS yes
    FROM incidents INNER JOIN reviews USING (city)
    WHERE CAST(occurred_at AS DATE) >= begun
    UNION ALL
    -- What is planned is not shown as not held.
    SELECT
        'call_ins', 'held_on', city, COALESCE(scheduled_for, held_on),
        COALESCE(scheduled_for <= (SELECT newest.day FROM newest), TRUE), held_on IS NOT NULL
    FROM call_ins
    UNION ALL
    SELECT
        'incident_groups', 'role', city, CAST(occurred_at AS DATE),
        gmi IN ('confirmed', 'suspected')
        OR incident_id IN (SELECT incident_id FROM incident_groups),
        -- Only who is a suspect for certain has shot (docs/follow-up.md).
        incident_id IN (
            SELECT incident_id FROM incident_groups
            WHERE role = 'suspect' AND status = 'confirmed'
        )
    FROM incidents
    UNION ALL
    SELECT
        'enforcement_actions', 'group_id', city, acted_on, TRUE,
        scope = 'group' AND group_id IS NOT NULL
    FROM enforcement_actions
    UNION ALL
    SELECT
        'releases_from_custody', 'greeted_on', city, released_on, released_on IS NOT NULL,
        greeted_on IS NOT NULL OR greeted_by IS NOT NULL
    FROM releases_from_custody
    UNION ALL
    SELECT 'services', 'intake_on', city, offered_on, TRUE, intake_on IS NOT NULL FROM services
    UNION ALL
    SELECT 'community_requests', 'answered_on', city, asked_on, TRUE, answered_on IS NOT NULL
    FROM community_requests
    UNION ALL
    SELECT
        'invitations', 'attended', city, day, attended <> 'unknown', attended = 'attended'
    FROM invited
    UNION ALL
    SELECT 'invitations', 'reachable', city, day, reachable IS NOT NULL, reachable FROM invited
    UNION ALL
    SELECT 'custom_notifications', 'contact', city, attempted_on, TRUE, contact <> 'none'
    FROM custom_notifications
    UNION ALL
    SELECT
        'supervision_contacts', 'result', city, contacted_on, result <> 'unknown',
        result = 'made'
    FROM supervision_contacts
    UNION ALL
    SELECT
        'memberships', 'until_on', city, from_on,
        from_on <= MAX(from_on) OVER () - INTERVAL 5 YEAR, until_on IS NOT NULL
    FROM memberships
    UNION ALL
    SELECT
        'people', 'delisted_on', city, listed_on,
        listed_on <= MAX(listed_on) OVER () - INTERVAL 5 YEAR, delisted_on IS NOT NULL
    FROM people
    UNION ALL
    SELECT
        'supervision_spells', 'until_on', city, from_on,
        from_on <= MAX(from_on) OVER () - INTERVAL 5 YEAR, until_on IS NOT NULL
    FROM supervision_spells
)
SELECT
    extract, field, city, COALESCE(words, 'gives ' || field) AS words, would_show, only_yes,
    IF(extract = 'incidents', 'shooting_reviews', extract) AS needed_for,
    IF(ENDS_WITH(field, '_on'), 'a date', 'a word') AS kind,
    COUNT(*) FILTER (asked) AS asked, COUNT(*) FILTER (asked AND yes) AS asked_yes,
    COUNT(*) FILTER (day IS NOT NULL) AS rows,
    COUNT(*) FILTER (yes AND day IS NOT NULL) AS rows_yes
FROM given INNER JOIN listed USING (extract, field)
GROUP BY ALL
