-- Which groups shot after notice, did enforcement on the group follow, and in how many days?
-- Parameters: as_of
-- Grain: city, group_id, violated_on
-- Class: named
-- Order: violated_on, position, group_id
-- Reads: incidents, incident_groups, groups, memberships, call_ins, invitations,
--   custom_notifications, enforcement_actions
-- Share: members_acted_on, with an action of their own within the window that was not dismissed
--   nor left unprosecuted, of members_known, on the list on the day of the violation

SELECT
    episodes.city,
    episodes.group_id,
    names.label,
    episodes.notice_on,
    episodes.violated_on,
    episodes.first_action_on,
    episodes.first_action_on - episodes.violated_on AS days,
    PROMISE_STATE(episodes, 30) AS state_30,
    PROMISE_STATE(episodes, 60) AS state_60,
    PROMISE_STATE(episodes, 90) AS state_90,
    -- By the window that is configured.
    PROMISE_STATE(episodes, episodes.window_ends_on - episodes.violated_on) AS state,
    -- Days count from known_through; the weekly page counts those left from its own day.
    IF(episodes.first_action_on IS NULL, episodes.known_through - episodes.violated_on, NULL)
        AS days_unanswered,
    COUNT(members.person_id) AS members_known,
    IF(MAX(episodes.known_through) IS NULL, NULL, COUNT(*) FILTER (members.acted_on <= $as_of))
        AS members_acted_on,
    episodes.window_ends_on,
    episodes.known_through
FROM EPISODES_AS_OF($as_of) AS episodes
LEFT JOIN episode_members AS members ON episodes.episode = members.episode
LEFT JOIN AUDITED_GROUPS() AS names
    ON episodes.city = names.city AND episodes.group_id = names.group_id
GROUP BY ALL
