-- How many promises wait in each city and for how long, and how many did the year miss?
-- Grain: city
-- Class: aggregate
-- Of: episodes

SELECT
    promises.city,
    COUNT(*) FILTER (promises.state = 'open') AS open,
    MAX(promises.days_unanswered) FILTER (promises.state = 'open') AS longest_open,
    COUNT(*) FILTER (
        promises.state = 'broken'
        AND promises.window_ends_on > promises.known_through - INTERVAL 1 YEAR
    ) AS missed_in_a_year
FROM all_episodes AS promises
GROUP BY promises.city
