-- Which offices met the members who came home from custody, in time or later?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — the day it is told as of
--   since: date = null — the first day; null for the twelve months to as_of
--   within_hours: integer(0..720) = threshold greeted_within_hours — hours, as whole days
-- Grain: city, greeted_by
-- Class: aggregate
-- Of: exits_from_custody
-- Reads: releases_from_custody, people
-- Protects: exits

SELECT
    cities.city,
    all_exits_from_custody.greeted_by,
    COUNT(*) AS exits
FROM all_exits_from_custody
INNER JOIN cities ON all_exits_from_custody.city = CAST(cities.city AS VARCHAR)
WHERE all_exits_from_custody.outcome IN ('greeted', 'greeted_late')
GROUP BY cities.city, cities.position, all_exits_from_custody.greeted_by
ORDER BY cities.position ASC, all_exits_from_custody.greeted_by ASC NULLS LAST
