-- Which offices met the members who came home from custody, in time or later?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — the day it is told as of
--   since: date = null — the first day; null for the twelve months to as_of
--   within_hours: integer(0..720) = threshold greeted_within_hours — hours, as whole days
-- Grain: city, greeted_by
-- Class: aggregate
-- Of: exits_from_custody
-- Order: position, greeted_by NULLS LAST
-- Reads: releases_from_custody, people
-- Protects: exits

SELECT
    exits.city,
    exits.greeted_by,
    COUNT(*) AS exits
FROM all_exits_from_custody AS exits
WHERE exits.outcome IN ('greeted', 'greeted_late')
GROUP BY ALL
