-- Which groups shot after notice, did enforcement on the group follow, and in how many days?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — nothing dated after this day is seen
-- Grain: city, group_id, violated_on
-- Class: named
-- Reads: incidents, incident_groups, groups, memberships, call_ins, invitations,
--   custom_notifications, enforcement_actions
-- Protects: none
-- Numerator: members_acted_on, known members with an action of their own within the window,
--   those dismissed or not prosecuted left out
-- Denominator: members_known, members on the list on the day of the violation

WITH reached AS (
    SELECT
        episode_members.episode,
        COUNT(*) AS members_known,
        COUNT(*) FILTER (
            WHERE episode_members.acted_on <= CAST($as_of AS DATE)
        ) AS members_acted_on
    FROM episode_members
    GROUP BY episode_members.episode
)

SELECT
    cities.city,
    seen.group_id,
    seen.notice_on,
    seen.violated_on,
    seen.first_action_on,
    seen.first_action_on - seen.violated_on AS days,
    PROMISE_STATE(seen.violated_on, 30, seen.first_action_on, seen.known_through) AS state_30,
    PROMISE_STATE(seen.violated_on, 60, seen.first_action_on, seen.known_through) AS state_60,
    PROMISE_STATE(seen.violated_on, 90, seen.first_action_on, seen.known_through) AS state_90,
    COALESCE(reached.members_known, 0) AS members_known,
    COALESCE(reached.members_acted_on, 0) AS members_acted_on,
    seen.window_ends_on,
    seen.known_through
-- docs/promises.md says what is known of an episode on a day.
FROM EPISODES_AS_OF(CAST($as_of AS DATE)) AS seen
INNER JOIN cities ON seen.city = cities.city
LEFT JOIN reached ON seen.episode = reached.episode
WHERE $city IS NULL OR seen.city = $city
ORDER BY cities.position, seen.violated_on, seen.group_id
