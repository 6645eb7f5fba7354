-- Of the people on the list who came home from custody, how many were met in time?
-- Grain: city
-- Class: aggregate
-- Of: exits_from_custody
-- Protects: exits, greeted, greeted_late, greeted_unknown, not_greeted, at_the_gate,
--   greeted_early, too_recent, off_the_list
-- Share: greeted of exits with that many days behind them

SELECT
    spans.city,
    COUNT(*) FILTER (exits.time_over) AS exits,
    COUNT(*) FILTER (exits.outcome = 'greeted' AND exits.time_over) AS greeted,
    COUNT(*) FILTER (
        exits.outcome = 'greeted' AND exits.days = 0 AND exits.time_over
    ) AS at_the_gate,
    COUNT(*) FILTER (exits.outcome = 'greeted_late') AS greeted_late,
    COUNT(*) FILTER (exits.outcome = 'greeted_unknown' AND exits.time_over) AS greeted_unknown,
    COUNT(*) FILTER (exits.outcome = 'not_greeted') AS not_greeted,
    COUNT(*) FILTER (exits.outcome = 'greeted' AND NOT exits.time_over) AS greeted_early,
    COUNT(*) FILTER (exits.outcome <> 'greeted' AND NOT exits.time_over) AS too_recent,
    COUNT(releases.released_on) FILTER (exits.outcome IS NULL) AS off_the_list,
    spans.first_day,
    spans.last_day
FROM SUPPLIED_SPANS(['releases_from_custody', 'people'], $as_of, $since) AS spans
LEFT JOIN releases_from_custody AS releases
    ON
        spans.city = releases.city
        AND releases.released_on BETWEEN spans.first_day AND spans.last_day
LEFT JOIN all_exits_from_custody AS exits
    ON releases.custody_release_id = exits.custody_release_id
GROUP BY spans.city, spans.first_day, spans.last_day
