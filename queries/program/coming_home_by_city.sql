-- How many members are expected home from custody, and who comes first?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — the day it is told as of
--   weeks: integer(1..52) = 8 — how far ahead, in weeks
-- Grain: city
-- Class: aggregate
-- Of: coming_home
-- Reads: releases_from_custody, people, memberships, groups
-- Protects: expected, overdue

SELECT
    cities.city,
    COUNT(*) FILTER (WHERE all_coming_home.status = 'expected') AS expected,
    COUNT(*) FILTER (WHERE all_coming_home.status = 'overdue') AS overdue,
    MIN(all_coming_home.expected_on) FILTER (
        WHERE all_coming_home.status = 'expected'
    ) AS first_expected_on,
    MIN(all_coming_home.days_ahead) FILTER (
        WHERE all_coming_home.status = 'expected'
    ) AS first_days_ahead
FROM all_coming_home
INNER JOIN cities ON all_coming_home.city = CAST(cities.city AS VARCHAR)
GROUP BY cities.city, cities.position
ORDER BY cities.position
