-- How many members are expected home from custody, and who comes first?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — the day it is told as of
--   weeks: integer(1..52) = 8 — how far ahead, in weeks
-- Grain: city
-- Class: aggregate
-- Of: coming_home
-- Order: position
-- Reads: releases_from_custody, people, memberships, groups
-- Protects: expected, overdue

SELECT
    exits.city,
    COUNT(*) FILTER (WHERE exits.status = 'expected') AS expected,
    COUNT(*) FILTER (WHERE exits.status = 'overdue') AS overdue,
    MIN(exits.expected_on) FILTER (WHERE exits.status = 'expected') AS first_expected_on,
    MIN(exits.days_ahead) FILTER (WHERE exits.status = 'expected') AS first_days_ahead
FROM all_coming_home AS exits
GROUP BY exits.city
