-- By question, city and day of how many rows it is asked, and how many of these say yes; `rows` and
--   `rows_yes` are those of all, asked or not.

WITH newest AS (
    SELECT MAX(CAST(occurred_at AS DATE)) AS day FROM incidents
),
reviews AS (
    SELECT city, MIN(CAST(week_ending AS DATE)) - 6 AS begun FROM shooting_reviews GROUP BY city
),
shot AS (
    SELECT
        city, CAST(occurred_at AS DATE) AS day,
        gmi IN ('confirmed', 'suspected')
        OR incident_id IN (SELECT incident_id FROM incident_groups) AS asked,
        -- Only who is a suspect for certain has shot (docs/follow-up.md).
        incident_id IN (
            SELECT incident_id FROM incident_groups
            WHERE role = 'suspect' AND status = 'confirmed'
        ) AS yes
    FROM incidents
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
        'reviewed' AS question, city, CAST(occurred_at AS DATE) AS day,
        TRUE AS asked, reviewed_on IS NOT NULL AS yes
    FROM incidents INNER JOIN reviews USING (city)
    WHERE CAST(occurred_at AS DATE) >= begun
    UNION ALL
    -- What is planned is not told as not held.
    SELECT
        'held', city, COALESCE(scheduled_for, held_on),
        COALESCE(scheduled_for <= (SELECT newest.day FROM newest), TRUE), held_on IS NOT NULL
    FROM call_ins
    UNION ALL
    SELECT 'shot', city, day, asked, yes FROM shot
    UNION ALL
    SELECT 'on a group', city, acted_on, TRUE, scope = 'group' AND group_id IS NOT NULL
    FROM enforcement_actions
    UNION ALL
    SELECT
        'met', city, released_on, released_on IS NOT NULL,
        greeted_on IS NOT NULL OR greeted_by IS NOT NULL
    FROM releases_from_custody
    UNION ALL
    SELECT 'begun', city, offered_on, TRUE, intake_on IS NOT NULL FROM services
    UNION ALL
    SELECT 'answered', city, asked_on, TRUE, answered_on IS NOT NULL FROM community_requests
    UNION ALL
    SELECT 'came', city, day, attended <> 'unknown', attended = 'attended' FROM invited
    UNION ALL
    SELECT 'reached', city, day, reachable IS NOT NULL, reachable FROM invited
    UNION ALL
    SELECT 'notified', city, attempted_on, TRUE, contact <> 'none' FROM custom_notifications
    UNION ALL
    SELECT 'made', city, contacted_on, result <> 'unknown', result = 'made'
    FROM supervision_contacts
    UNION ALL
    SELECT
        'left', city, NULL, from_on <= MAX(from_on) OVER () - INTERVAL 5 YEAR, until_on IS NOT NULL
    FROM memberships
    UNION ALL
    SELECT
        'delisted', city, NULL, listed_on <= MAX(listed_on) OVER () - INTERVAL 5 YEAR,
        delisted_on IS NOT NULL
    FROM people
    UNION ALL
    SELECT
        'free', city, NULL, from_on <= MAX(from_on) OVER () - INTERVAL 5 YEAR, until_on IS NOT NULL
    FROM supervision_spells
    UNION ALL
    SELECT 'member', city, NULL, TRUE, until_on IS NULL OR until_on >= (SELECT day FROM newest)
    FROM memberships
    UNION ALL
    SELECT
        'listed', city, NULL, TRUE, delisted_on IS NULL OR delisted_on >= (SELECT day FROM newest)
    FROM people
    UNION ALL
    SELECT 'supervised', city, NULL, TRUE, until_on IS NULL OR until_on >= (SELECT day FROM newest)
    FROM supervision_spells
)
SELECT
    question, city, day,
    COUNT(*) FILTER (asked) AS asked, COUNT(*) FILTER (asked AND yes) AS asked_yes,
    COUNT(*) AS rows, COUNT(*) FILTER (yes) AS rows_yes
FROM given
GROUP BY ALL
