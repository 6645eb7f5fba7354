-- Which groups should the next call-in be for, and how many of their members can be reached?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — the day it is told as of
-- Grain: city, group_id
-- Class: named
-- Order: position, last_shooting_on DESC NULLS LAST, last_suspected_on DESC NULLS LAST, group_id
-- Pages: 100 rows, first by last_shooting_on DESC NULLS LAST, last_suspected_on DESC NULLS LAST,
--   position, group_id
-- Reads: call_ins, invitations, groups, memberships, people, supervision_spells,
--   custom_notifications, incidents, incident_groups
-- Protects: none

WITH supplied AS (
    SELECT
        city,
        position,
        last_day
    FROM SUPPLIED_CITIES(
        ['call_ins', 'invitations', 'groups', 'memberships', 'people'], CAST($as_of AS DATE), $city
    )
),

-- Each group on its last audit up to the day, while it was active and had not become another.
active AS (
    SELECT
        active_groups.city,
        active_groups.group_id,
        active_groups.label,
        active_groups.audited_on,
        active_groups.members,
        supplied.position,
        supplied.last_day
    FROM active_groups
    INNER JOIN supplied
        ON
            active_groups.city = supplied.city
            AND active_groups.from_on <= supplied.last_day
            AND active_groups.until_on > supplied.last_day
),

-- What a group was told and did is its successor's from the day it became it.
held_by AS (
    SELECT
        active.city,
        active.last_day,
        lineage.group_id,
        lineage.holder
    FROM active
    INNER JOIN lineage
        ON
            active.group_id = lineage.holder
            AND active.last_day >= lineage.from_on
            AND active.last_day < lineage.until_on
),

-- By a call-in a member came to, or a direct custom notification.
brought AS (
    SELECT
        held_by.city,
        held_by.holder,
        MAX(messages.brought_on) AS last_on
    FROM held_by
    INNER JOIN messages
        ON
            held_by.group_id = messages.group_id
            AND held_by.last_day >= messages.brought_on
    WHERE messages.gives_notice
    GROUP BY held_by.city, held_by.holder
),

shot AS (
    SELECT
        held_by.city,
        held_by.holder,
        MAX(shootings.shot_on) FILTER (WHERE shootings.status = 'confirmed') AS last_on,
        MAX(shootings.shot_on) FILTER (WHERE shootings.status = 'suspected') AS last_suspected_on
    FROM held_by
    INNER JOIN shootings
        ON held_by.group_id = shootings.group_id AND held_by.last_day >= shootings.shot_on
    GROUP BY held_by.city, held_by.holder
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
    INNER JOIN supplied ON call_ins.city = supplied.city AND call_ins.held_on <= supplied.last_day
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
    INNER JOIN supplied ON supervision_spells.city = supplied.city
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
    INNER JOIN supplied ON people.city = supplied.city
    INNER JOIN members
        ON
            people.person_id = members.person_id
            AND supplied.last_day >= members.from_on
            AND supplied.last_day < members.until_on
    LEFT JOIN reached
        ON people.city = reached.city AND people.person_id = reached.person_id
    LEFT JOIN inside ON people.city = inside.city AND people.person_id = inside.person_id
    WHERE
        people.listed_on <= supplied.last_day
        AND COALESCE(people.delisted_on > supplied.last_day, TRUE)
),

counted AS (
    SELECT
        on_the_list.city,
        on_the_list.group_id,
        COUNT(*) AS listed,
        COUNT(*) FILTER (WHERE on_the_list.reach = 'reachable') AS reachable,
        COUNT(*) FILTER (WHERE on_the_list.reach = 'unknown') AS reach_unknown,
        COUNT(*) FILTER (WHERE on_the_list.reach = 'not_reached') AS not_reached,
        COUNT(*) FILTER (WHERE on_the_list.reach = 'in_custody') AS in_custody,
        STRING_AGG(on_the_list.person_id, ', ' ORDER BY on_the_list.person_id) FILTER (
            WHERE on_the_list.reach = 'reachable'
        ) AS reachable_people
    FROM on_the_list
    GROUP BY on_the_list.city, on_the_list.group_id
)

SELECT
    active.city,
    active.group_id,
    active.label,
    CASE WHEN held_notices.notice_on IS NULL THEN 'no_notice' ELSE 'over_12_months' END AS reason,
    held_notices.notice_on,
    brought.last_on AS last_told_on,
    active.last_day - brought.last_on AS days_since_told,
    shot.last_on AS last_shooting_on,
    shot.last_suspected_on,
    active.audited_on,
    active.members AS members_on_audit,
    COALESCE(counted.listed, 0) AS listed,
    COALESCE(counted.reachable, 0) AS reachable,
    COALESCE(counted.reach_unknown, 0) AS reach_unknown,
    COALESCE(counted.not_reached, 0) AS not_reached,
    COALESCE(counted.in_custody, 0) AS in_custody,
    counted.reachable_people,
    active.last_day
FROM active
LEFT JOIN held_notices
    ON
        active.group_id = held_notices.group_id
        AND active.last_day >= held_notices.from_on
        AND active.last_day < held_notices.until_on
LEFT JOIN brought ON active.city = brought.city AND active.group_id = brought.holder
LEFT JOIN shot ON active.city = shot.city AND active.group_id = shot.holder
LEFT JOIN counted ON active.city = counted.city AND active.group_id = counted.group_id
WHERE
    brought.last_on IS NULL
    OR brought.last_on <= CAST(active.last_day - INTERVAL 1 YEAR AS DATE)
