-- Who on the list is expected home from custody in the next weeks?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — the day it is told as of
--   weeks: integer(1..52) = 8 — how far ahead, in weeks
--   rows: integer(1..1000) = 100 — how many a page
--   page: integer(1..1000000) = 1 — which page
-- Grain: city, custody_release_id
-- Class: named
-- Of: coming_home
-- Reads: releases_from_custody, people, memberships, groups
-- Protects: none
-- Used by: Coming home, Weekly review

SELECT
    all_coming_home.city,
    all_coming_home.custody_release_id,
    all_coming_home.person_id,
    all_coming_home.group_ids,
    all_coming_home.status,
    all_coming_home.expected_on,
    all_coming_home.days_ahead,
    all_coming_home.facility,
    all_coming_home.last_day,
    CAST(COUNT(*) OVER () AS BIGINT) AS of_all
FROM all_coming_home
INNER JOIN cities ON all_coming_home.city = cities.city
QUALIFY
    CEIL(
        ROW_NUMBER() OVER (
            ORDER BY
                all_coming_home.expected_on ASC,
                cities.position ASC,
                all_coming_home.custody_release_id ASC
        ) / $rows
    ) = $page
ORDER BY
    cities.position ASC,
    all_coming_home.expected_on ASC,
    all_coming_home.custody_release_id ASC
