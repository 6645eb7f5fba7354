-- How many days passed until enforcement on the group, or until today where it is awaited?
-- Grain: city, days, answered
-- Class: aggregate
-- Of: episodes
-- Order: position, days, answered DESC

SELECT
    episodes.city,
    COALESCE(episodes.days, episodes.days_unanswered) AS days,
    episodes.first_action_on IS NOT NULL AS answered,
    COUNT(*) AS episodes
FROM all_episodes AS episodes
-- Where enforcement is not on file, nothing is known of the days.
WHERE episodes.known_through IS NOT NULL
GROUP BY ALL
