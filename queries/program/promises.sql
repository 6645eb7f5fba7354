-- How many promises were kept within 30, 60 and 90 days, and how many late, open or broken?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — nothing dated after this day is seen
-- Grain: city, window_days
-- Class: aggregate
-- Reads: incidents, incident_groups, groups, memberships, call_ins, invitations,
--   custom_notifications, enforcement_actions
-- Protects: members_acted_on, members_known
-- Numerator: elapsed_kept, episodes answered by that day, of those with that many days behind them
-- Denominator: elapsed, episodes with that many days behind them

WITH seen AS (
    -- docs/promises.md says what is known of an episode on a day.
    SELECT
        known.episode,
        known.city,
        known.violated_on,
        known.known_through,
        known.first_action_on
    FROM EPISODES_AS_OF(CAST($as_of AS DATE)) AS known
    WHERE $city IS NULL OR known.city = $city
),

windows AS (
    SELECT UNNEST([30, 60, 90]) AS window_days
),

program_cities AS (
    -- A city that handed over no group has no rows rather than zeros.
    SELECT
        cities.city,
        cities.position
    FROM cities
    WHERE
        cities.city IN (SELECT groups.city FROM groups)
        -- Who shot is not known without the groups of each incident: no rows, not zero.
        AND CAST(cities.city AS VARCHAR) IN (
            SELECT data_through.city FROM data_through
            WHERE data_through.extract = 'incident_groups'
        )
        AND ($city IS NULL OR cities.city = $city)
),

judged AS (
    SELECT
        seen.episode,
        seen.city,
        windows.window_days,
        COALESCE(seen.known_through - seen.violated_on >= windows.window_days, FALSE) AS elapsed,
        PROMISE_STATE(
            seen.violated_on, windows.window_days, seen.first_action_on, seen.known_through
        ) AS state
    FROM seen
    CROSS JOIN windows
),

members_by_episode AS (
    SELECT
        episode_members.episode,
        seen.violated_on,
        episode_members.acted_on
    FROM episode_members
    INNER JOIN seen ON episode_members.episode = seen.episode
),

members_reached AS (
    SELECT
        judged.city,
        judged.window_days,
        COUNT(*) AS members_known,
        COUNT(*) FILTER (
            WHERE
            members_by_episode.acted_on - members_by_episode.violated_on
            <= judged.window_days
        ) AS members_acted_on
    FROM judged
    INNER JOIN members_by_episode ON judged.episode = members_by_episode.episode
    WHERE judged.elapsed
    GROUP BY judged.city, judged.window_days
)

SELECT
    program_cities.city,
    windows.window_days,
    COUNT(judged.episode) AS episodes,
    COUNT(*) FILTER (WHERE judged.state = 'kept') AS kept,
    COUNT(*) FILTER (WHERE judged.state = 'late') AS late,
    COUNT(*) FILTER (WHERE judged.state = 'open') AS open,
    COUNT(*) FILTER (WHERE judged.state = 'broken') AS broken,
    COUNT(*) FILTER (WHERE judged.state = 'unknown') AS unknown,
    COUNT(*) FILTER (WHERE judged.elapsed) AS elapsed,
    COUNT(*) FILTER (WHERE judged.elapsed AND judged.state = 'kept') AS elapsed_kept,
    COALESCE(MAX(members_reached.members_known), 0) AS members_known,
    COALESCE(MAX(members_reached.members_acted_on), 0) AS members_acted_on
FROM program_cities
CROSS JOIN windows
LEFT JOIN judged
    ON program_cities.city = judged.city AND windows.window_days = judged.window_days
LEFT JOIN members_reached
    ON
        program_cities.city = members_reached.city
        AND windows.window_days = members_reached.window_days
GROUP BY program_cities.city, program_cities.position, windows.window_days
ORDER BY program_cities.position, windows.window_days
