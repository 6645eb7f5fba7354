-- Which active groups have notice, and when did a member last come to a call-in?
-- Parameters: city, as_of
-- Grain: city, group_id
-- Class: named
-- Order: position, label, group_id
-- Reads: call_ins, invitations, groups, memberships, custom_notifications, incidents,
--   incident_groups
-- Protects: none

-- Each group on its last audit up to the day, while it was active and had not become another.
WITH active AS (
    FROM
        SUPPLIED_SPANS(
            ['call_ins', 'invitations', 'groups', 'memberships'], $as_of, $city, NULL
        ) AS spans
    INNER JOIN ACTIVE_GROUPS_AS_OF(spans.last_day) AS active_groups USING (city)
),

-- What a group was told and did is its successor's from the day it became it.
held_by AS (
    SELECT
        lineage.holder,
        lineage.group_id,
        active.first_day,
        active.last_day
    FROM active
    INNER JOIN LINEAGE_AS_OF(active.last_day) AS lineage ON active.group_id = lineage.holder
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
    notices.notice_on,
    attended.last_on AS last_attended_on,
    active.last_day - attended.last_on AS days_since_attended,
    COALESCE(attended.attendees, 0) AS attendees,
    (COALESCE(attended.attendees, 0) > 0) AS covered,
    CASE
        WHEN active.last_day - attended.last_on <= 92 THEN 'within_3_months'
        WHEN covered THEN 'within_12_months'
        WHEN attended.last_on IS NOT NULL THEN 'earlier'
        WHEN notices.notice_on IS NOT NULL THEN 'notice_alone'
        ELSE 'no_notice'
    END AS warned,
    shot.last_on AS last_shooting_on,
    active.last_day
FROM active
LEFT JOIN NOTICES_AS_OF(active.last_day) AS notices ON active.group_id = notices.group_id
LEFT JOIN attended ON active.group_id = attended.holder
LEFT JOIN shot ON active.group_id = shot.holder
