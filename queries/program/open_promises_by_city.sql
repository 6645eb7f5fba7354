-- How many promises wait in each city, for how long, and which runs out first?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — nothing dated after this day is seen
--   list: choice(open|unanswered) = 'open' — those within the window, or also those it has passed
-- Grain: city
-- Class: aggregate
-- Of: open_promises
-- Order: position
-- Reads: incidents, incident_groups, groups, memberships, call_ins, invitations,
--   custom_notifications, enforcement_actions
-- Protects: none

SELECT
    promises.city,
    COUNT(*) AS waiting,
    COUNT(*) FILTER (WHERE promises.state = 'open') AS open,
    MAX(promises.days_unanswered) FILTER (WHERE promises.state = 'open') AS longest_open,
    -- A promise is open as far as enforcement is known, while its days run on to the day asked.
    MIN(promises.window_ends_on) FILTER (
        WHERE promises.known_through IS NOT NULL AND promises.window_ends_on > $as_of
    ) AS next_ends_on,
    COUNT(*) FILTER (
        WHERE promises.known_through IS NOT NULL AND promises.window_ends_on <= $as_of
    ) AS over,
    MIN(promises.known_through) AS known_through
FROM all_open_promises AS promises
GROUP BY promises.city
