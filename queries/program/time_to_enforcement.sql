-- How many days passed until enforcement on the group, or until today where it is awaited?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — nothing dated after this day is seen
-- Grain: city, days, answered
-- Class: aggregate
-- Order: position, days, answered DESC
-- Reads: incidents, incident_groups, groups, memberships, call_ins, invitations,
--   custom_notifications, enforcement_actions
-- Protects: none

SELECT
    episodes.city,
    COALESCE(
        episodes.first_action_on - episodes.violated_on,
        GREATEST(episodes.known_through - episodes.violated_on, 0)
    ) AS days,
    episodes.first_action_on IS NOT NULL AS answered,
    COUNT(*) AS episodes
FROM EPISODES_AS_OF($as_of) AS episodes
-- Where nothing says how far enforcement is complete, nothing is known of the days.
WHERE
    episodes.known_through IS NOT NULL
    AND ($city IS NULL OR episodes.city = $city)
GROUP BY ALL
