-- How many cases were followed up within 30, 60 and 90 days, and how many late, open or missed?
-- Parameters: city, as_of
--   since: date = null — cases that began on this day or later, or all of them
-- Grain: city, window_days
-- Class: aggregate
-- Order: position, window_days
-- Reads: incidents, incident_groups, groups, memberships, call_ins, invitations,
--   custom_notifications, enforcement_actions
-- Protects: members_acted_on, members_known
-- Numerator: elapsed_kept, episodes answered by that day, of those with that many days behind them
-- Denominator: elapsed, episodes with that many days behind them

WITH windows AS (
    SELECT UNNEST([30, 60, 90]) AS window_days
),

judged AS (
    SELECT
        episodes.city,
        episodes.episode,
        windows.window_days,
        COALESCE(
            episodes.known_through - episodes.violated_on >= windows.window_days, FALSE
        ) AS elapsed,
        PROMISE_STATE(
            episodes.violated_on, windows.window_days,
            episodes.first_action_on, episodes.known_through
        ) AS state,
        COUNT(members.person_id) AS members_known,
        COUNT(*) FILTER (
            WHERE members.acted_on - episodes.violated_on <= windows.window_days
        ) AS members_acted_on
    FROM EPISODES_AS_OF($as_of) AS episodes
    CROSS JOIN windows
    LEFT JOIN episode_members AS members ON episodes.episode = members.episode
    WHERE $since IS NULL OR episodes.violated_on >= $since
    GROUP BY ALL
)

SELECT
    cities.city,
    windows.window_days,
    COUNT(judged.episode) AS episodes,
    COUNT(*) FILTER (WHERE judged.state = 'kept') AS kept,
    COUNT(*) FILTER (WHERE judged.state = 'late') AS late,
    COUNT(*) FILTER (WHERE judged.state = 'open') AS open,
    COUNT(*) FILTER (WHERE judged.state = 'broken') AS broken,
    COUNT(*) FILTER (WHERE judged.state = 'unknown') AS unknown,
    COUNT(*) FILTER (WHERE judged.elapsed) AS elapsed,
    COUNT(*) FILTER (WHERE judged.elapsed AND judged.state = 'kept') AS elapsed_kept,
    COALESCE(SUM(judged.members_known) FILTER (WHERE judged.elapsed), 0) AS members_known,
    COALESCE(SUM(judged.members_acted_on) FILTER (WHERE judged.elapsed), 0) AS members_acted_on
FROM cities
CROSS JOIN windows
LEFT JOIN judged USING (city, window_days)
WHERE
    -- Where nobody can tell, no rows, not zero.
    EPISODES_ARE_KNOWN(cities.city)
    AND ($city IS NULL OR cities.city = $city)
GROUP BY ALL
