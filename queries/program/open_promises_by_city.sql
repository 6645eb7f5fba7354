-- How many promises wait in each city, and for how long?
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
    COUNT(*) FILTER (
        WHERE promises.state = 'broken'
        AND promises.window_ends_on > promises.known_through - INTERVAL 1 YEAR
    ) AS missed_in_a_year
FROM all_open_promises AS promises
GROUP BY promises.city
