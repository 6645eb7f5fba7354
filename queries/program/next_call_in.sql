-- Which groups should the next call-in be for, and how many of their members can be reached?
-- Parameters: as_of
-- Grain: city, group_id
-- Class: named
-- Order: last_shooting_on DESC NULLS LAST, last_suspected_on DESC NULLS LAST, position,
--   group_id
-- Reads: call_ins, invitations, groups, memberships, people, supervision_spells,
--   custom_notifications, incidents, incident_groups
-- Needs: call_ins, invitations, groups, memberships, people

-- Each group on its last audit up to the day, while it was active and had not become another.
WITH active AS (
    FROM
        SUPPLIED_CITIES(['call_ins', 'invitations', 'groups', 'memberships', 'people'], $as_of)
            AS supplied
    INNER JOIN ACTIVE_GROUPS_AS_OF(supplied.last_day) AS active_groups USING (city)
),

-- By a call-in a member came to, or a direct custom notification.
brought AS (
    SELECT
        active.group_id,
        MAX(messages.brought_on) AS last_on
    FROM active
    INNER JOIN MESSAGES_AS_OF(active.last_day) AS messages ON active.group_id = messages.group_id
    WHERE messages.gives_notice
    GROUP BY active.group_id
),

shot AS (
    SELECT
        active.group_id,
        MAX(shot.shot_on) FILTER (shot.status = 'confirmed') AS last_on,
        MAX(shot.shot_on) FILTER (shot.status = 'suspected') AS last_suspected_on
    FROM active
    INNER JOIN SHOT_AS_OF(active.last_day) AS shot ON active.group_id = shot.group_id
    GROUP BY active.group_id
),

-- Made first: with people in the same join DuckDB pairs each of them with each group.
in_groups AS MATERIALIZED (
    SELECT
        active.group_id,
        active.last_day,
        members.city,
        members.person_id
    FROM active
    INNER JOIN MEMBERS_AS_OF(active.last_day) AS members ON active.group_id = members.group_id
),

on_the_list AS (
    SELECT DISTINCT in_groups.*
    FROM in_groups
    INNER JOIN people USING (city, person_id)
    WHERE
        people.listed_on <= in_groups.last_day
        AND COALESCE(people.delisted_on > in_groups.last_day, TRUE)
),

invited AS MATERIALIZED (
    SELECT
        invitations.person_id,
        invitations.reachable,
        call_ins.city,
        call_ins.call_in_id,
        call_ins.held_on
    FROM invitations
    INNER JOIN call_ins USING (city, call_in_id)
),

-- What the last session a person was invited to says of reaching them.
reached AS (
    SELECT
        listed.group_id,
        listed.person_id,
        ARG_MAX_NULL(invited.reachable, (invited.held_on, invited.call_in_id)) AS reachable
    FROM on_the_list AS listed
    INNER JOIN invited USING (city, person_id)
    WHERE listed.last_day >= invited.held_on
    GROUP BY ALL
),

listed AS (
    SELECT DISTINCT
        listed.group_id,
        listed.person_id,
        CASE
            WHEN spells.person_id IS NOT NULL THEN 'in_custody'
            WHEN reached.reachable THEN 'reachable'
            WHEN reached.reachable = FALSE THEN 'not_reached'
            ELSE 'unknown'
        END AS reach
    FROM on_the_list AS listed
    LEFT JOIN reached USING (group_id, person_id)
    LEFT JOIN supervision_spells AS spells
        ON
            listed.city = spells.city
            AND listed.person_id = spells.person_id
            AND spells.kind = 'in_custody'
            AND listed.last_day >= spells.from_on
            AND COALESCE(listed.last_day < spells.until_on, TRUE)
)

SELECT
    active.city,
    active.group_id,
    active.label,
    IF(notices.notice_on IS NULL, 'no_notice', 'over_12_months') AS reason,
    notices.notice_on,
    brought.last_on AS last_told_on,
    shot.last_on AS last_shooting_on,
    shot.last_suspected_on,
    active.audited_on,
    COUNT(listed.person_id) AS listed,
    COUNT(*) FILTER (listed.reach = 'reachable') AS reachable,
    COUNT(*) FILTER (listed.reach = 'unknown') AS reach_unknown,
    COUNT(*) FILTER (listed.reach = 'not_reached') AS not_reached,
    COUNT(*) FILTER (listed.reach = 'in_custody') AS in_custody,
    STRING_AGG(listed.person_id, ', ' ORDER BY listed.person_id) FILTER (
        listed.reach = 'reachable'
    ) AS reachable_people,
    active.last_day
FROM active
LEFT JOIN NOTICES_AS_OF(active.last_day) AS notices ON active.group_id = notices.group_id
LEFT JOIN brought ON active.group_id = brought.group_id
LEFT JOIN shot ON active.group_id = shot.group_id
LEFT JOIN listed ON active.group_id = listed.group_id
WHERE COALESCE(brought.last_on <= CAST(active.last_day - INTERVAL 1 YEAR AS DATE), TRUE)
GROUP BY ALL
