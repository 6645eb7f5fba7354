-- Which active groups have notice, and when did a member last come to a call-in?
-- Parameters: as_of
-- Grain: city, group_id
-- Class: named
-- Order: position, label, group_id
-- Reads: call_ins, invitations, groups, memberships, custom_notifications, incidents,
--   incident_groups
-- Needs: call_ins, invitations, groups, memberships

-- Each group on its last audit up to the day, while it was active and had not become another.
WITH active AS (
    FROM
        SUPPLIED_SPANS(['call_ins', 'invitations', 'groups', 'memberships'], $as_of, NULL) AS spans
    INNER JOIN ACTIVE_GROUPS_AS_OF(spans.last_day) AS active_groups USING (city)
),

attended AS (
    SELECT
        active.group_id,
        MAX(messages.brought_on) FILTER (messages.gives_notice) AS last_on,
        MAX(messages.brought_on) FILTER (messages.result = 'unknown') AS last_unknown_on
    FROM active
    INNER JOIN MESSAGES_AS_OF(active.last_day) AS messages ON active.group_id = messages.group_id
    WHERE messages.how = 'call_in'
    GROUP BY active.group_id
),

shot AS (
    SELECT
        active.group_id,
        MAX(shot.shot_on) AS last_on
    FROM active
    INNER JOIN SHOT_AS_OF(active.last_day) AS shot ON active.group_id = shot.group_id
    WHERE shot.status = 'confirmed'
    GROUP BY active.group_id
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
    COALESCE(attended.last_on >= active.first_day, FALSE) AS covered,
    COALESCE(NOT covered AND attended.last_unknown_on >= active.first_day, FALSE)
        AS covered_unknown,
    shot.last_on AS last_shooting_on,
    active.last_day
FROM active
LEFT JOIN NOTICES_AS_OF(active.last_day) AS notices ON active.group_id = notices.group_id
LEFT JOIN attended ON active.group_id = attended.group_id
LEFT JOIN shot ON active.group_id = shot.group_id
