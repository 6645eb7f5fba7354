-- Which groups should the next call-in be for, and how many of their members can be reached?
-- Parameters: city, as_of
-- Grain: city, group_id
-- Class: named
-- Order: last_shooting_on DESC NULLS LAST, last_suspected_on DESC NULLS LAST, position,
--   group_id
-- Reads: call_ins, invitations, groups, memberships, people, supervision_spells,
--   custom_notifications, incidents, incident_groups
-- Protects: none

WITH supplied AS (
    FROM SUPPLIED_CITIES(
        ['call_ins', 'invitations', 'groups', 'memberships', 'people'], $as_of, $city
    )
),

-- Each group on its last audit up to the day, while it was active and had not become another.
active AS (
    FROM supplied
    INNER JOIN ACTIVE_GROUPS_AS_OF(supplied.last_day) AS active_groups USING (city)
),

-- What a group was told and did is its successor's from the day it became it.
held_by AS (
    SELECT
        lineage.holder,
        lineage.group_id,
        active.last_day
    FROM active
    INNER JOIN LINEAGE_AS_OF(active.last_day) AS lineage ON active.group_id = lineage.holder
),

-- By a call-in a member came to, or a direct custom notification.
brought AS (
    SELECT
        held_by.holder,
        MAX(messages.brought_on) AS last_on
    FROM held_by
    INNER JOIN messages USING (group_id)
    WHERE messages.gives_notice AND messages.brought_on <= held_by.last_day
    GROUP BY held_by.holder
),

shot AS (
    SELECT
        held_by.holder,
        MAX(shootings.shot_on) FILTER (WHERE shootings.status = 'confirmed') AS last_on,
        MAX(shootings.shot_on) FILTER (WHERE shootings.status = 'suspected') AS last_suspected_on
    FROM held_by
    INNER JOIN shootings USING (group_id)
    WHERE shootings.shot_on <= held_by.last_day
    GROUP BY held_by.holder
),

-- What the last session a person was invited to says of reaching them.
reached AS (
    SELECT
        invitations.city,
        invitations.person_id,
        ARG_MAX_NULL(invitations.reachable, (call_ins.held_on, call_ins.call_in_id)) AS reachable
    FROM invitations
    INNER JOIN call_ins USING (city, call_in_id)
    INNER JOIN supplied USING (city)
    WHERE call_ins.held_on <= supplied.last_day
    GROUP BY ALL
),

inside AS (
    SELECT DISTINCT
        supervision_spells.city,
        supervision_spells.person_id
    FROM supervision_spells
    INNER JOIN supplied USING (city)
    WHERE
        supervision_spells.kind = 'in_custody'
        AND supervision_spells.from_on <= supplied.last_day
        AND COALESCE(supervision_spells.until_on > supplied.last_day, TRUE)
),

on_the_list AS (
    SELECT DISTINCT
        people.city,
        members.group_id,
        people.person_id,
        CASE
            WHEN inside.person_id IS NOT NULL THEN 'in_custody'
            WHEN reached.reachable THEN 'reachable'
            WHEN reached.reachable = FALSE THEN 'not_reached'
            ELSE 'unknown'
        END AS reach
    FROM people
    INNER JOIN supplied USING (city)
    INNER JOIN MEMBERS_AS_OF(supplied.last_day) AS members ON people.person_id = members.person_id
    LEFT JOIN reached ON people.city = reached.city AND people.person_id = reached.person_id
    LEFT JOIN inside ON people.city = inside.city AND people.person_id = inside.person_id
    WHERE
        people.listed_on <= supplied.last_day
        AND COALESCE(people.delisted_on > supplied.last_day, TRUE)
)

SELECT
    active.city,
    active.group_id,
    active.label,
    CASE WHEN notices.notice_on IS NULL THEN 'no_notice' ELSE 'over_12_months' END AS reason,
    notices.notice_on,
    brought.last_on AS last_told_on,
    active.last_day - brought.last_on AS days_since_told,
    shot.last_on AS last_shooting_on,
    shot.last_suspected_on,
    active.audited_on,
    active.members AS members_on_audit,
    COUNT(on_the_list.person_id) AS listed,
    COUNT(*) FILTER (WHERE on_the_list.reach = 'reachable') AS reachable,
    COUNT(*) FILTER (WHERE on_the_list.reach = 'unknown') AS reach_unknown,
    COUNT(*) FILTER (WHERE on_the_list.reach = 'not_reached') AS not_reached,
    COUNT(*) FILTER (WHERE on_the_list.reach = 'in_custody') AS in_custody,
    STRING_AGG(on_the_list.person_id, ', ' ORDER BY on_the_list.person_id) FILTER (
        WHERE on_the_list.reach = 'reachable'
    ) AS reachable_people,
    active.last_day
FROM active
LEFT JOIN NOTICES_AS_OF(active.last_day) AS notices ON active.group_id = notices.group_id
LEFT JOIN brought ON active.group_id = brought.holder
LEFT JOIN shot ON active.group_id = shot.holder
LEFT JOIN on_the_list
    ON active.city = on_the_list.city AND active.group_id = on_the_list.group_id
WHERE
    brought.last_on IS NULL
    OR brought.last_on <= CAST(active.last_day - INTERVAL 1 YEAR AS DATE)
GROUP BY ALL
