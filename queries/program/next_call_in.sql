-- Which groups should the next call-in be for, and how many of their members can be reached?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — the day it is told as of
-- Grain: city, group_id
-- Class: named
-- Reads: call_ins, invitations, groups, memberships, people, supervision_spells,
--   custom_notifications, incident_groups
-- Protects: none
-- Used by: Call-ins

WITH RECURSIVE through AS (
    SELECT
        data_through.city,
        MIN(data_through.day) AS day
    FROM data_through
    WHERE data_through.extract IN ('call_ins', 'invitations', 'groups', 'memberships', 'people')
    GROUP BY data_through.city
    -- A city that did not hand over all of this has no rows: nothing is known, not zero.
    HAVING COUNT(*) = 5
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
),

-- What the last session a person was invited to says of reaching them.
reached AS (
    SELECT
        invitations.city,
        invitations.person_id,
        invitations.reachable
    FROM invitations
    INNER JOIN call_ins
        ON invitations.city = call_ins.city AND invitations.call_in_id = call_ins.call_in_id
    INNER JOIN told ON call_ins.city = told.city AND call_ins.held_on <= told.last_day
    QUALIFY
        ROW_NUMBER() OVER (
            PARTITION BY invitations.city, invitations.person_id
            ORDER BY call_ins.held_on DESC, call_ins.call_in_id DESC
        ) = 1
),

inside AS (
    SELECT DISTINCT
        supervision_spells.city,
        supervision_spells.person_id
    FROM supervision_spells
    INNER JOIN told ON supervision_spells.city = told.city
    WHERE
        supervision_spells.kind = 'in_custody'
        AND supervision_spells.from_on <= told.last_day
        AND COALESCE(supervision_spells.until_on > told.last_day, TRUE)
),

members AS (
    SELECT DISTINCT
        lines.city,
        lines.line,
        people.person_id,
        CASE
            WHEN inside.person_id IS NOT NULL THEN 'in_custody'
            WHEN reached.reachable THEN 'reachable'
            WHEN reached.reachable = FALSE THEN 'not_reached'
            ELSE 'unknown'
        END AS reach
    FROM memberships
    INNER JOIN told ON memberships.city = told.city
    INNER JOIN lines
        ON memberships.city = lines.city AND memberships.group_id = lines.group_id
    INNER JOIN people
        ON memberships.city = people.city AND memberships.person_id = people.person_id
    LEFT JOIN reached
        ON people.city = reached.city AND people.person_id = reached.person_id
    LEFT JOIN inside ON people.city = inside.city AND people.person_id = inside.person_id
    WHERE
        memberships.from_on <= told.last_day
        AND COALESCE(memberships.until_on >= told.last_day, TRUE)
        AND people.listed_on <= told.last_day
        AND COALESCE(people.delisted_on > told.last_day, TRUE)
),

counted AS (
    SELECT
        members.city,
        members.line,
        COUNT(*) AS listed,
        COUNT(*) FILTER (WHERE members.reach = 'reachable') AS reachable,
        COUNT(*) FILTER (WHERE members.reach = 'unknown') AS reach_unknown,
        COUNT(*) FILTER (WHERE members.reach = 'not_reached') AS not_reached,
        COUNT(*) FILTER (WHERE members.reach = 'in_custody') AS in_custody,
        STRING_AGG(members.person_id, ', ' ORDER BY members.person_id) FILTER (
            WHERE members.reach = 'reachable'
        ) AS reachable_people
    FROM members
    GROUP BY members.city, members.line
),

sheet AS (
    SELECT
        active.city,
        active.group_id,
        active.label,
        active.audited_on,
        active.members,
        active.line,
        active.position,
        active.last_day,
        LEAST(attended.first_on, notified.first_on) AS notice_on,
        GREATEST(attended.last_on, notified.last_on) AS last_told_on,
        shot.last_on AS last_shooting_on,
        shot.last_suspected_on
    FROM active
    LEFT JOIN attended ON active.city = attended.city AND active.line = attended.line
    LEFT JOIN notified ON active.city = notified.city AND active.line = notified.line
    LEFT JOIN shot ON active.city = shot.city AND active.line = shot.line
)

SELECT
    sheet.city,
    sheet.group_id,
    sheet.label,
    CASE WHEN sheet.notice_on IS NULL THEN 'no_notice' ELSE 'over_12_months' END AS reason,
    sheet.notice_on,
    sheet.last_told_on,
    CAST(sheet.last_day - sheet.last_told_on AS BIGINT) AS days_since_told,
    sheet.last_shooting_on,
    sheet.last_suspected_on,
    sheet.audited_on,
    CAST(sheet.members AS BIGINT) AS members_on_audit,
    CAST(COALESCE(counted.listed, 0) AS BIGINT) AS listed,
    CAST(COALESCE(counted.reachable, 0) AS BIGINT) AS reachable,
    CAST(COALESCE(counted.reach_unknown, 0) AS BIGINT) AS reach_unknown,
    CAST(COALESCE(counted.not_reached, 0) AS BIGINT) AS not_reached,
    CAST(COALESCE(counted.in_custody, 0) AS BIGINT) AS in_custody,
    counted.reachable_people,
    sheet.last_day
FROM sheet
LEFT JOIN counted ON sheet.city = counted.city AND sheet.line = counted.line
WHERE
    sheet.last_told_on IS NULL
    OR sheet.last_told_on <= CAST(sheet.last_day - INTERVAL 1 YEAR AS DATE)
ORDER BY
    sheet.position ASC,
    sheet.last_shooting_on DESC NULLS LAST,
    sheet.last_suspected_on DESC NULLS LAST,
    sheet.group_id ASC
