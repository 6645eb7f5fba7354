-- Which promises are still to be kept, the oldest first?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — nothing dated after this day is seen
--   list: choice(open|unanswered) = 'open' — those within the window, or also those it has passed
-- Grain: city, group_id, violated_on
-- Class: named
-- Order: violated_on, position, group_id
-- Reads: incidents, incident_groups, groups, memberships, call_ins, invitations,
--   custom_notifications, enforcement_actions
-- Protects: none

SELECT
    episodes.city,
    episodes.group_id,
    episodes.notice_on,
    episodes.violated_on,
    episodes.known_through - episodes.violated_on AS days_unanswered,
    episodes.window_ends_on,
    episodes.window_ends_on - episodes.known_through AS days_left,
    PROMISE_STATE(
        episodes.violated_on, episodes.window_ends_on - episodes.violated_on,
        episodes.first_action_on, episodes.known_through
    ) AS state,
    COUNT(members.person_id) AS members_known,
    CASE
        WHEN MAX(episodes.known_through) IS NOT NULL
            THEN COUNT(*) FILTER (WHERE members.acted_on <= $as_of)
    END AS members_acted_on,
    episodes.known_through,
    names.label
-- Days count from known_through; the weekly page counts those left from its own day.
FROM EPISODES_AS_OF($as_of) AS episodes
LEFT JOIN episode_members AS members ON episodes.episode = members.episode
LEFT JOIN GROUP_NAMES() AS names
    ON episodes.city = names.city AND episodes.group_id = names.group_id
WHERE
    episodes.first_action_on IS NULL
    AND ($city IS NULL OR episodes.city = $city)
    AND (
        $list = 'unanswered'
        -- Where enforcement of its days is not on file nobody knows whether it is open.
        OR episodes.known_through < episodes.window_ends_on
    )
GROUP BY ALL
