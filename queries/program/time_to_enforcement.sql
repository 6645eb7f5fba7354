-- How many days passed until enforcement on the group, or until today where it is awaited?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — nothing dated after this day is seen
-- Grain: city, days, answered
-- Class: aggregate
-- Reads: incidents, incident_groups, groups, memberships, call_ins, invitations,
--   custom_notifications, enforcement_actions
-- Protects: none
-- Used by: Promises

WITH seen AS (
    -- What enforcement did is known to the lesser of the as-of date and its own data-through.
    SELECT
        episodes.episode,
        episodes.city,
        episodes.group_id,
        episodes.notice_on,
        episodes.violated_on,
        episodes.window_ends_on,
        CASE
            WHEN episodes.enforcement_through IS NOT NULL
                THEN LEAST(CAST($as_of AS DATE), episodes.enforcement_through)
        END AS known_through,
        CASE
            WHEN episodes.first_action_on <= CAST($as_of AS DATE) THEN episodes.first_action_on
        END AS first_action_on
    FROM episodes
    WHERE
        episodes.violated_on <= CAST($as_of AS DATE)
        AND ($city IS NULL OR episodes.city = $city)
)

SELECT
    cities.city,
    CAST(
        COALESCE(
            seen.first_action_on - seen.violated_on,
            GREATEST(seen.known_through - seen.violated_on, 0)
        ) AS BIGINT
    ) AS days,
    seen.first_action_on IS NOT NULL AS answered,
    CAST(COUNT(*) AS BIGINT) AS episodes
FROM seen
INNER JOIN cities ON seen.city = cities.city
-- Where nothing says how far enforcement is complete, nothing is known of the days.
WHERE seen.known_through IS NOT NULL
GROUP BY cities.city, cities.position, days, answered
ORDER BY cities.position ASC, days ASC, answered DESC
