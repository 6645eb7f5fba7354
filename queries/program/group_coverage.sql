-- Of the active groups with an audit, to how many did a member at a call-in in twelve months
-- bring the message?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — the day it is told as of
-- Grain: city
-- Class: aggregate
-- Reads: call_ins, invitations, groups, memberships
-- Protects: none
-- Numerator: active audited groups a member of which came to a call-in in the twelve months to
--   as_of
-- Denominator: active audited groups
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
)

SELECT
    told.city,
    CAST(COUNT(active.audited_on) AS BIGINT) AS audited_groups,
    CAST(COUNT(active.audited_on) FILTER (WHERE attended.attendees > 0) AS BIGINT) AS covered,
    CAST(
        COUNT(active.group_id) FILTER (WHERE active.audited_on IS NULL) AS BIGINT
    ) AS without_audit,
    MIN(active.audited_on) AS oldest_audit_on,
    MAX(active.audited_on) AS newest_audit_on,
    told.last_day
FROM told
LEFT JOIN active ON told.city = active.city
LEFT JOIN attended ON active.city = attended.city AND active.line = attended.line
GROUP BY told.city, told.position, told.last_day
ORDER BY told.position
