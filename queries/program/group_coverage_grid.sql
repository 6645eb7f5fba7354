-- Which active groups have notice, and when did a member last come to a call-in?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — the day it is told as of
-- Grain: city, group_id
-- Class: named
-- Order: position, label, group_id
-- Pages: 50 rows, first by audited, notice_on IS NOT NULL, days_since_attended DESC NULLS FIRST,
--   position, group_id
-- Reads: call_ins, invitations, groups, memberships, custom_notifications, incidents,
--   incident_groups
-- Protects: none

-- Each group on its last audit up to the day, while it was active and had not become another.
WITH active AS (
    SELECT
        active_groups.city,
        active_groups.group_id,
        active_groups.label,
        active_groups.audited_on,
        active_groups.members,
        spans.first_day,
        spans.last_day
    FROM active_groups
    INNER JOIN
        SUPPLIED_SPANS(
            ['call_ins', 'invitations', 'groups', 'memberships'], $as_of, $city, NULL
        ) AS spans
        USING (city)
    WHERE active_groups.from_on <= spans.last_day AND active_groups.until_on > spans.last_day
),

-- What a group was told and did is its successor's from the day it became it.
held_by AS (
    SELECT
        lineage.holder,
        lineage.group_id,
        active.first_day,
        active.last_day
    FROM active
    INNER JOIN lineage
        ON
            active.group_id = lineage.holder
            AND active.last_day >= lineage.from_on
            AND active.last_day < lineage.until_on
),

attended AS (
    SELECT
        held_by.holder,
        MAX(messages.brought_on) AS last_on,
        COUNT(DISTINCT messages.person_id) FILTER (
            WHERE messages.brought_on >= held_by.first_day
        ) AS attendees
    FROM held_by
    INNER JOIN messages USING (group_id)
    WHERE
        messages.how = 'call_in'
        AND messages.gives_notice
        AND messages.brought_on <= held_by.last_day
    GROUP BY held_by.holder
),

shot AS (
    SELECT
        held_by.holder,
        MAX(shootings.shot_on) AS last_on
    FROM held_by
    INNER JOIN shootings USING (group_id)
    WHERE shootings.status = 'confirmed' AND shootings.shot_on <= held_by.last_day
    GROUP BY held_by.holder
)

SELECT
    active.city,
    active.group_id,
    active.label,
    (active.audited_on IS NOT NULL) AS audited,
    active.audited_on,
    active.members,
    held_notices.notice_on,
    attended.last_on AS last_attended_on,
    active.last_day - attended.last_on AS days_since_attended,
    COALESCE(attended.attendees, 0) AS attendees,
    (COALESCE(attended.attendees, 0) > 0) AS covered,
    shot.last_on AS last_shooting_on,
    active.last_day
FROM active
LEFT JOIN held_notices
    ON
        active.group_id = held_notices.group_id
        AND active.last_day >= held_notices.from_on
        AND active.last_day < held_notices.until_on
LEFT JOIN attended ON active.group_id = attended.holder
LEFT JOIN shot ON active.group_id = shot.holder
