-- Of the people on the list who came home from custody, how many were met in time?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — the day it is told as of
--   since: date = null — the first day, or null for the twelve months to as_of
--   within_hours: integer(0..720) = threshold greeted_within_hours — hours, as whole days
-- Grain: city
-- Class: aggregate
-- Reads: releases_from_custody, people
-- Protects: exits, greeted, greeted_late, greeted_unknown, not_greeted, at_the_gate, too_recent,
--   off_the_list
-- Numerator: greeted
-- Denominator: exits with that many days behind them

WITH spans AS (
    SELECT
        city,
        position,
        first_day,
        last_day
    FROM SUPPLIED_SPANS(
        ['releases_from_custody', 'people'], CAST($as_of AS DATE), $city, CAST($since AS DATE)
    )
),

exits AS (
    SELECT
        releases_from_custody.city,
        CASE
            WHEN releases_from_custody.greeted_on <= spans.last_day
                THEN releases_from_custody.greeted_on - releases_from_custody.released_on
        END AS days,
        -- Somebody met them on a day nobody noted: in time or not is unknown, never a no.
        (
            releases_from_custody.greeted_on IS NULL
            AND releases_from_custody.greeted_by IS NOT NULL
        ) AS undated,
        (
            releases_from_custody.released_on + CAST(CEIL($within_hours / 24) AS INTEGER)
            > spans.last_day
        ) AS too_recent,
        COALESCE(
            people.listed_on <= releases_from_custody.released_on
            AND COALESCE(people.delisted_on >= releases_from_custody.released_on, TRUE),
            FALSE
        ) AS on_the_list
    FROM releases_from_custody
    INNER JOIN spans
        ON
            releases_from_custody.city = spans.city
            AND releases_from_custody.released_on >= spans.first_day
            AND releases_from_custody.released_on <= spans.last_day
    LEFT JOIN people
        ON
            releases_from_custody.city = people.city
            AND releases_from_custody.person_id = people.person_id
),

sorted AS (
    SELECT
        exits.city,
        CASE
            WHEN NOT exits.on_the_list THEN 'off_the_list'
            WHEN exits.too_recent THEN 'too_recent'
            WHEN exits.days <= CAST(CEIL($within_hours / 24) AS INTEGER) THEN 'greeted'
            WHEN exits.days IS NOT NULL THEN 'greeted_late'
            WHEN exits.undated THEN 'greeted_unknown'
            ELSE 'not_greeted'
        END AS outcome,
        (exits.days = 0) AS at_the_gate
    FROM exits
)

SELECT
    spans.city,
    COUNT(*) FILTER (WHERE sorted.outcome NOT IN ('off_the_list', 'too_recent')) AS exits,
    COUNT(*) FILTER (WHERE sorted.outcome = 'greeted') AS greeted,
    COUNT(*) FILTER (WHERE sorted.outcome = 'greeted' AND sorted.at_the_gate) AS at_the_gate,
    COUNT(*) FILTER (WHERE sorted.outcome = 'greeted_late') AS greeted_late,
    COUNT(*) FILTER (WHERE sorted.outcome = 'greeted_unknown') AS greeted_unknown,
    COUNT(*) FILTER (WHERE sorted.outcome = 'not_greeted') AS not_greeted,
    COUNT(*) FILTER (WHERE sorted.outcome = 'too_recent') AS too_recent,
    COUNT(*) FILTER (WHERE sorted.outcome = 'off_the_list') AS off_the_list,
    spans.first_day,
    spans.last_day
FROM spans
LEFT JOIN sorted ON spans.city = sorted.city
GROUP BY spans.city, spans.position, spans.first_day, spans.last_day
ORDER BY spans.position
