-- How many members came home from custody in each quarter, and how many were met?
-- Grain: city, quarter, outcome
-- Class: aggregate
-- Of: exits_from_custody
-- Order: position, quarter, outcome
-- Protects: exits

SELECT
    exits.city,
    CAST(DATE_TRUNC('quarter', exits.released_on) AS DATE) AS quarter,
    exits.outcome,
    COUNT(*) AS exits
FROM all_exits_from_custody AS exits
GROUP BY ALL
