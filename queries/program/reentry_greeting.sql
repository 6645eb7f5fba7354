-- Of the people on the list who came home from custody, how many were met in time?
-- Grain: city
-- Class: aggregate
-- Of: exits_from_custody
-- Order: position
-- Protects: exits, greeted, greeted_late, greeted_unknown, not_greeted, at_the_gate, too_recent,
--   off_the_list
-- Numerator: greeted
-- Denominator: exits with that many days behind them

SELECT
    spans.city,
    COUNT(*) FILTER (WHERE exits.outcome <> 'too_recent') AS exits,
    COUNT(*) FILTER (WHERE exits.outcome = 'greeted') AS greeted,
    COUNT(*) FILTER (WHERE exits.outcome = 'greeted' AND exits.days = 0) AS at_the_gate,
    COUNT(*) FILTER (WHERE exits.outcome = 'greeted_late') AS greeted_late,
    COUNT(*) FILTER (WHERE exits.outcome = 'greeted_unknown') AS greeted_unknown,
    COUNT(*) FILTER (WHERE exits.outcome = 'not_greeted') AS not_greeted,
    COUNT(*) FILTER (WHERE exits.outcome = 'too_recent') AS too_recent,
    COUNT(releases.released_on) FILTER (WHERE exits.outcome IS NULL) AS off_the_list,
    spans.first_day,
    spans.last_day
FROM SUPPLIED_SPANS(['releases_from_custody', 'people'], $as_of, $city, $since) AS spans
LEFT JOIN releases_from_custody AS releases
    ON
        spans.city = releases.city
        AND spans.first_day <= releases.released_on
        AND spans.last_day >= releases.released_on
LEFT JOIN all_exits_from_custody AS exits
    ON releases.custody_release_id = exits.custody_release_id
GROUP BY spans.city, spans.first_day, spans.last_day
