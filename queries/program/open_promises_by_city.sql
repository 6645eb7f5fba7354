-- How many promises wait in each city, for how long, and which runs out first?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — nothing dated after this day is seen
--   list: choice(open|unanswered) = 'open' — those within the window, or also those it has passed
-- Grain: city
-- Class: aggregate
-- Of: open_promises
-- Reads: incidents, incident_groups, groups, memberships, call_ins, invitations,
--   custom_notifications, enforcement_actions
-- Protects: none

SELECT
    cities.city,
    COUNT(*) AS waiting,
    COUNT(*) FILTER (WHERE all_open_promises.state = 'open') AS open,
    MAX(all_open_promises.days_unanswered) FILTER (
        WHERE all_open_promises.state = 'open'
    ) AS longest_open,
    COUNT(all_open_promises.known_through) AS days_known,
    -- A promise is open as far as enforcement is known, while its days run on to the day asked.
    MIN(all_open_promises.window_ends_on) FILTER (
        WHERE
        all_open_promises.known_through IS NOT NULL
        AND all_open_promises.window_ends_on > CAST($as_of AS DATE)
    ) AS next_ends_on,
    COUNT(*) FILTER (
        WHERE
        all_open_promises.known_through IS NOT NULL
        AND all_open_promises.window_ends_on <= CAST($as_of AS DATE)
    ) AS over,
    MIN(all_open_promises.known_through) AS known_through
FROM all_open_promises
INNER JOIN cities ON all_open_promises.city = cities.city
GROUP BY cities.city, cities.position
ORDER BY cities.position
