-- Which offices met the members who came home from custody, in time or later?
-- Grain: city, greeted_by
-- Class: aggregate
-- Of: exits_from_custody
-- Order: position, greeted_by NULLS LAST
-- Protects: exits

SELECT
    exits.city,
    exits.greeted_by,
    COUNT(*) AS exits
FROM all_exits_from_custody AS exits
WHERE exits.outcome IN ('greeted', 'greeted_late')
GROUP BY ALL
