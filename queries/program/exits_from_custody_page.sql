-- Who on the list came home from custody, and was each of them met in time, and by whom?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — the day it is told as of
--   since: date = null — the first day, or null for the twelve months to as_of
--   within_hours: integer(0..720) = threshold greeted_within_hours — hours, as whole days
--   rows: integer(1..1000) = 100 — how many a page
--   page: integer(1..1000000) = 1 — which page
-- Grain: city, custody_release_id
-- Class: named
-- Of: exits_from_custody
-- Reads: releases_from_custody, people
-- Protects: none
-- Used by: Coming home, Weekly review

SELECT
    all_exits_from_custody.city,
    all_exits_from_custody.custody_release_id,
    all_exits_from_custody.person_id,
    all_exits_from_custody.released_on,
    all_exits_from_custody.facility,
    all_exits_from_custody.outcome,
    all_exits_from_custody.greeted_on,
    all_exits_from_custody.greeted_by,
    all_exits_from_custody.days,
    all_exits_from_custody.first_day,
    all_exits_from_custody.last_day,
    CAST(COUNT(*) OVER () AS BIGINT) AS of_all
FROM all_exits_from_custody
INNER JOIN cities ON all_exits_from_custody.city = cities.city
QUALIFY
    CEIL(
        ROW_NUMBER() OVER (
            ORDER BY
                all_exits_from_custody.released_on DESC,
                cities.position ASC,
                all_exits_from_custody.custody_release_id ASC
        ) / $rows
    ) = $page
ORDER BY
    cities.position ASC,
    all_exits_from_custody.released_on DESC,
    all_exits_from_custody.custody_release_id ASC
