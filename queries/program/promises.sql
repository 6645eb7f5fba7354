-- How many cases were followed up within 30, 60 and 90 days, and how many late, open or missed?
-- Parameters: as_of
--   since: date = null — cases that began on this day or later, or all of them
-- Grain: city, window_days
-- Class: aggregate
-- Reads: incidents, incident_groups, groups, memberships, call_ins, invitations,
--   custom_notifications, enforcement_actions
-- Protects: members_acted_on, members_known
-- Share: elapsed_kept, episodes answered by that day, of elapsed, those with that many days behind

WITH judged AS (
    SELECT
        episodes.city,
        episodes.episode,
        windows.window_days,
        COALESCE(
            episodes.known_through - episodes.violated_on >= windows.window_days, FALSE
        ) AS elapsed,
        PROMISE_STATE(episodes, windows.window_days) AS state,
        COUNT(members.person_id) AS members_known,
        COUNT(*) FILTER (members.acted_on - episodes.violated_on <= windows.window_days)
            AS members_acted_on
    FROM EPISODES_AS_OF($as_of) AS episodes
    CROSS JOIN UNNEST([30, 60, 90]) AS windows (window_days)
    LEFT JOIN episode_members AS members ON episodes.episode = members.episode
    WHERE COALESCE(episodes.violated_on >= $since, TRUE)
    GROUP BY ALL
)

SELECT
    cities.city,
    windows.window_days,
    COUNT(judged.episode) AS episodes,
    COUNT(*) FILTER (judged.state = 'kept') AS kept,
    COUNT(*) FILTER (judged.state = 'late') AS late,
    COUNT(*) FILTER (judged.state = 'open') AS open,
    COUNT(*) FILTER (
        judged.state = 'open' OR (judged.state = 'kept' AND NOT judged.elapsed)
    ) AS not_over,
    COUNT(*) FILTER (judged.state = 'broken') AS broken,
    COUNT(*) FILTER (judged.state = 'unknown') AS unknown,
    COUNT(*) FILTER (judged.elapsed) AS elapsed,
    COUNT(*) FILTER (judged.elapsed AND judged.state = 'kept') AS elapsed_kept,
    COALESCE(SUM(judged.members_known) FILTER (judged.elapsed), 0) AS members_known,
    COALESCE(SUM(judged.members_acted_on) FILTER (judged.elapsed), 0) AS members_acted_on,
    COUNT_UNNAMED_ACTIONS(cities.city, $since, $as_of) AS group_unknown
FROM cities
CROSS JOIN UNNEST([30, 60, 90]) AS windows (window_days)
LEFT JOIN judged USING (city, window_days)
-- What is not known has no row, not zero.
WHERE EPISODES_ARE_KNOWN(cities.city)
GROUP BY ALL
