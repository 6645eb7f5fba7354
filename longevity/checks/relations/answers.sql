-- What counts as a no where a row does not give it, by extract, field and city: of how many rows
--   it is asked, how many of these say yes, in which `words`, and what would be shown; of how many
--   dated rows, asked or not, and how many of these say yes; which extract a city leaves out when
--   its source cannot say it, and how grave it is that every row says yes.

WITH lasting AS (
    SELECT
        'memberships' AS extract, 'until_on' AS field, city, from_on AS day, until_on AS ended,
        'all {} as members still' AS would_show
    FROM memberships
    UNION ALL
    SELECT 'people', 'delisted_on', city, listed_on, delisted_on, 'all {} as on the list still'
    FROM people
    UNION ALL
    SELECT
        'supervision_spells', 'until_on', city, from_on, until_on,
        'all {} as under supervision still'
    FROM supervision_spells
),
suspects AS (
    SELECT
        incident_id,
        -- Only who is a suspect for certain has shot (docs/follow-up.md).
        BOOL_OR(role = 'suspect' AND status = 'confirmed') AS yes
    FROM incident_groups GROUP BY incident_id
),
-- Before its first reviewed week a city held no reviews.
begun AS (
    SELECT city, MIN(CAST(week_ending AS DATE)) - 6 AS day FROM shooting_reviews GROUP BY city
),
-- Where no call-in is on file nothing is asked of invitations.
invited AS (
    SELECT invitations.*, call_ins.held_on AS day
    FROM invitations LEFT JOIN call_ins USING (call_in_id)
    WHERE 'call_ins' IN (SELECT extract FROM supplied)
),
given AS (
    SELECT
        'incidents' AS extract, 'reviewed_on' AS field, city, CAST(occurred_at AS DATE) AS day,
        TRUE AS asked, reviewed_on IS NOT NULL AS yes, NULL AS words,
        'all {} as not reviewed' AS would_show, NULL AS only_yes
    FROM incidents INNER JOIN begun USING (city)
    WHERE CAST(occurred_at AS DATE) >= begun.day
    UNION ALL
    -- What is planned is not shown as not held.
    SELECT
        'call_ins', 'held_on', city, COALESCE(scheduled_for, held_on),
        COALESCE(scheduled_for <= (SELECT MAX(CAST(occurred_at AS DATE)) FROM incidents), TRUE),
        held_on IS NOT NULL, NULL, 'all {} as not held', NULL
    FROM call_ins
    UNION ALL
    SELECT
        'incident_groups', 'role', city, CAST(occurred_at AS DATE),
        gmi IN ('confirmed', 'suspected') OR yes IS NOT NULL, COALESCE(yes, FALSE),
        'has a group as confirmed suspect', 'no group as having shot in any of {}', NULL
    FROM incidents LEFT JOIN suspects USING (incident_id)
    UNION ALL
    SELECT
        'enforcement_actions', 'group_id', city, acted_on, TRUE,
        scope = 'group' AND group_id IS NOT NULL,
        'has scope = group and the group', 'all {} as on no group', NULL
    FROM enforcement_actions
    UNION ALL
    SELECT
        'releases_from_custody', 'greeted_on', city, released_on, released_on IS NOT NULL,
        greeted_on IS NOT NULL OR greeted_by IS NOT NULL, NULL, 'all {} as not met', 'warning'
    FROM releases_from_custody
    UNION ALL
    SELECT
        'services', 'intake_on', city, offered_on, TRUE, intake_on IS NOT NULL,
        NULL, 'all {} as not begun', 'error'
    FROM services
    UNION ALL
    SELECT
        'community_requests', 'answered_on', city, asked_on, TRUE, answered_on IS NOT NULL,
        NULL, 'all {} as not answered', 'warning'
    FROM community_requests
    UNION ALL
    SELECT
        'invitations', 'attended', city, day, attended <> 'unknown', attended = 'attended',
        'says attended', 'none of {} invited as having come', 'error'
    FROM invited
    UNION ALL
    SELECT
        'invitations', 'reachable', city, day, reachable IS NOT NULL, reachable,
        'says that somebody could be reached', 'none of {} invited as reached', NULL
    FROM invited
    UNION ALL
    SELECT
        'custom_notifications', 'contact', city, attempted_on, TRUE, contact <> 'none',
        'says with whom there was contact', 'none of {} as made', 'error'
    FROM custom_notifications
    UNION ALL
    SELECT
        'supervision_contacts', 'result', city, contacted_on, result <> 'unknown',
        result = 'made', 'says made under result', 'none of {} as made', NULL
    FROM supervision_contacts
    UNION ALL
    -- Most of what began lately goes on, so these are judged by the oldest rows.
    SELECT
        extract, field, city, day, day <= MAX(day) OVER (PARTITION BY extract) - INTERVAL 5 YEAR,
        ended IS NOT NULL, 'of five years ago or more gives ' || field, would_show, NULL
    FROM lasting
)
SELECT
    extract, field, city, COALESCE(words, 'gives ' || field) AS words, would_show, only_yes,
    IF(extract = 'incidents', 'shooting_reviews', extract) AS needed_for,
    COUNT(*) FILTER (asked) AS asked, COUNT(*) FILTER (asked AND yes) AS asked_yes,
    COUNT(*) FILTER (day IS NOT NULL) AS rows,
    COUNT(*) FILTER (yes AND day IS NOT NULL) AS rows_yes
FROM given
GROUP BY ALL
