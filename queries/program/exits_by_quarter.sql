-- How many members came home from custody in each quarter, and how many were met?
-- Grain: city, quarter
-- Class: aggregate
-- Of: exits_from_custody
-- Protects: exits, met, greeted, greeted_late, not_greeted, greeted_unknown, greeted_early,
--   too_recent

-- A quarter without an exit is there too.
SELECT
    spans.city,
    CAST(quarters.quarter AS DATE) AS quarter,
    (quarters.quarter + INTERVAL 3 MONTH <= spans.last_day + 1) AS complete,
    COUNT(*) FILTER (exits.time_over) AS exits,
    COUNT(*) FILTER (exits.outcome = 'greeted') AS met,
    COUNT(*) FILTER (exits.outcome = 'greeted' AND exits.time_over) AS greeted,
    COUNT(*) FILTER (exits.outcome = 'greeted_late') AS greeted_late,
    COUNT(*) FILTER (exits.outcome = 'not_greeted') AS not_greeted,
    COUNT(*) FILTER (exits.outcome = 'greeted_unknown' AND exits.time_over) AS greeted_unknown,
    COUNT(*) FILTER (exits.outcome = 'greeted' AND NOT exits.time_over) AS greeted_early,
    COUNT(*) FILTER (exits.outcome <> 'greeted' AND NOT exits.time_over) AS too_recent
FROM SUPPLIED_SPANS(['releases_from_custody', 'people'], $as_of, $since) AS spans
CROSS JOIN
    UNNEST(GENERATE_SERIES(
        DATE_TRUNC('quarter', spans.first_day), spans.last_day, INTERVAL 3 MONTH
    )) AS quarters (quarter)
LEFT JOIN all_exits_from_custody AS exits
    ON spans.city = exits.city AND DATE_TRUNC('quarter', exits.released_on) = quarters.quarter
GROUP BY ALL
