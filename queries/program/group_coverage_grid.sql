-- Which active groups have notice, and when did a member last come to a call-in?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — the day it is told as of
-- Grain: city, group_id
-- Class: named
-- Reads: call_ins, invitations, groups, memberships, custom_notifications, incident_groups
-- Protects: none
-- Used by: Call-ins

WITH RECURSIVE through AS (
    SELECT
        data_through.city,
        MIN(data_through.day) AS day
    FROM data_through
    WHERE data_through.extract IN ('call_ins', 'invitations', 'groups', 'memberships')
    GROUP BY data_through.city
    -- A city that did not hand over all of this has no rows: nothing is known, not zero.
    HAVING COUNT(*) = 4
),

told AS (
    SELECT
        CAST(cities.city AS VARCHAR) AS city,
        cities.position,
        LEAST(CAST($as_of AS DATE), through.day) AS last_day
    FROM cities
    INNER JOIN through ON CAST(cities.city AS VARCHAR) = through.city
    WHERE $city IS NULL OR CAST(cities.city AS VARCHAR) = $city
),

-- A group that became another passes its members and its notice on: both are one line.
successions AS (
    SELECT
        groups.city,
        groups.group_id,
        MAX(groups.succeeded_by) AS succeeded_by
    FROM groups
    GROUP BY groups.city, groups.group_id
),

walked AS (
    SELECT
        successions.city,
        successions.group_id,
        successions.group_id AS line,
        0 AS steps
    FROM successions
    UNION ALL
    SELECT
        walked.city,
        walked.group_id,
        successions.succeeded_by AS line,
        walked.steps + 1 AS steps
    FROM walked
    INNER JOIN successions ON walked.city = successions.city AND walked.line = successions.group_id
    -- Groups that succeed each other in a circle are the source's mistake, not an endless walk.
    WHERE successions.succeeded_by IS NOT NULL AND walked.steps < 20
),

lines AS (
    SELECT
        walked.city,
        walked.group_id,
        ARG_MAX(walked.line, walked.steps) AS line
    FROM walked
    GROUP BY walked.city, walked.group_id
),

-- The last audit up to the day; a group never audited stands with what is known of it.
audits AS (
    SELECT
        listed.city,
        listed.group_id,
        listed.label,
        listed.audited_on,
        listed.members,
        listed.active_from,
        listed.active_until,
        listed.succeeded_by
    FROM groups AS listed
    INNER JOIN told ON listed.city = told.city
    WHERE listed.audited_on IS NULL OR listed.audited_on <= told.last_day
    QUALIFY
        ROW_NUMBER() OVER (
            PARTITION BY listed.city, listed.group_id
            ORDER BY listed.audited_on DESC NULLS LAST
        ) = 1
),

active AS (
    SELECT
        audits.city,
        audits.group_id,
        audits.label,
        audits.audited_on,
        audits.members,
        lines.line,
        told.position,
        told.last_day
    FROM audits
    INNER JOIN told ON audits.city = told.city
    INNER JOIN lines ON audits.city = lines.city AND audits.group_id = lines.group_id
    WHERE
        COALESCE(audits.active_from <= told.last_day, TRUE)
        AND COALESCE(audits.active_until >= told.last_day, audits.succeeded_by IS NULL)
),

came AS (
    SELECT DISTINCT
        lines.city,
        lines.line,
        invitations.person_id,
        call_ins.held_on
    FROM invitations
    INNER JOIN call_ins
        ON invitations.city = call_ins.city AND invitations.call_in_id = call_ins.call_in_id
    INNER JOIN told ON call_ins.city = told.city AND call_ins.held_on <= told.last_day
    -- A member of two groups stands for both.
    INNER JOIN memberships
        ON
            invitations.city = memberships.city
            AND invitations.person_id = memberships.person_id
            AND call_ins.held_on >= memberships.from_on
            AND COALESCE(call_ins.held_on <= memberships.until_on, TRUE)
    INNER JOIN lines
        ON memberships.city = lines.city AND memberships.group_id = lines.group_id
    WHERE invitations.attended = 'attended'
),

attended AS (
    SELECT
        came.city,
        came.line,
        MIN(came.held_on) AS first_on,
        MAX(came.held_on) AS last_on,
        COUNT(DISTINCT came.person_id) FILTER (
            WHERE came.held_on > CAST(told.last_day - INTERVAL 1 YEAR AS DATE)
        ) AS attendees
    FROM came
    INNER JOIN told ON came.city = told.city
    GROUP BY came.city, came.line
),

notified AS (
    SELECT
        lines.city,
        lines.line,
        MIN(custom_notifications.attempted_on) AS first_on,
        MAX(custom_notifications.attempted_on) AS last_on
    FROM custom_notifications
    INNER JOIN told
        ON
            custom_notifications.city = told.city
            AND custom_notifications.attempted_on <= told.last_day
    INNER JOIN lines
        ON
            custom_notifications.city = lines.city
            AND custom_notifications.group_id = lines.group_id
    WHERE custom_notifications.contact = 'direct'
    GROUP BY lines.city, lines.line
),

shot AS (
    SELECT
        lines.city,
        lines.line,
        MAX(located.day) FILTER (WHERE incident_groups.status = 'confirmed') AS last_on,
        MAX(located.day) FILTER (WHERE incident_groups.status = 'suspected') AS last_suspected_on
    FROM incident_groups
    INNER JOIN located
        ON
            incident_groups.city = located.city
            AND incident_groups.incident_id = located.incident_id
    INNER JOIN told ON located.city = told.city AND located.day <= told.last_day
    INNER JOIN lines
        ON incident_groups.city = lines.city AND incident_groups.group_id = lines.group_id
    WHERE incident_groups.role = 'suspect'
    GROUP BY lines.city, lines.line
)

SELECT
    active.city,
    active.group_id,
    active.label,
    (active.audited_on IS NOT NULL) AS audited,
    active.audited_on,
    CAST(active.members AS BIGINT) AS members,
    LEAST(attended.first_on, notified.first_on) AS notice_on,
    attended.last_on AS last_attended_on,
    CAST(active.last_day - attended.last_on AS BIGINT) AS days_since_attended,
    CAST(COALESCE(attended.attendees, 0) AS BIGINT) AS attendees,
    (COALESCE(attended.attendees, 0) > 0) AS covered,
    shot.last_on AS last_shooting_on,
    active.last_day
FROM active
LEFT JOIN attended ON active.city = attended.city AND active.line = attended.line
LEFT JOIN notified ON active.city = notified.city AND active.line = notified.line
LEFT JOIN shot ON active.city = shot.city AND active.line = shot.line
ORDER BY active.position, active.label, active.group_id
