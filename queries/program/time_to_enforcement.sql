-- How many days passed until enforcement on the group, or until today where it is awaited?
-- Grain: city, days, answered
-- Class: aggregate
-- Of: episodes
-- Order: position, days, answered DESC

SELECT
    episodes.city,
    COALESCE(episodes.days, GREATEST(episodes.days_unanswered, 0)) AS days,
    episodes.first_action_on IS NOT NULL AS answered,
    COUNT(*) AS episodes
FROM all_episodes AS episodes
-- Where nothing says how far enforcement is complete, nothing is known of the days.
WHERE episodes.known_through IS NOT NULL
GROUP BY ALL
