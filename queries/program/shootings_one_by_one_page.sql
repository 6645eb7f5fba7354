-- Where was each shooting, was it reviewed, did it open a promise, was an involved group notified?
-- Parameters:
--   city: city = null — one city, or all of them
--   date_from: date = data_through - 6 days — the first day
--   date_until: date = data_through + 1 day — the day after the last
--   as_of: date = data_through — the day it is told as of
--   within_days: integer(0..30) = 3 — days after the shooting, 72 hours as dates
--   rows: integer(1..1000) = 100 — how many a page
--   page: integer(1..1000000) = 1 — which page
-- Grain: city, incident_id
-- Class: named
-- Of: shootings_one_by_one
-- Reads: incidents, victims, incident_groups, groups, memberships, call_ins, invitations,
--   custom_notifications, enforcement_actions
-- Protects: none
-- Used by: Weekly review

SELECT
    all_shootings_one_by_one.city,
    all_shootings_one_by_one.incident_id,
    all_shootings_one_by_one.day,
    all_shootings_one_by_one.neighbourhood,
    all_shootings_one_by_one.victims,
    all_shootings_one_by_one.fatal,
    all_shootings_one_by_one.gmi,
    all_shootings_one_by_one.reviewed_on,
    all_shootings_one_by_one.group_ids,
    all_shootings_one_by_one.promise,
    all_shootings_one_by_one.notified,
    CAST(COUNT(*) OVER () AS BIGINT) AS of_all
FROM all_shootings_one_by_one
INNER JOIN cities ON all_shootings_one_by_one.city = cities.city
QUALIFY
    CEIL(
        ROW_NUMBER() OVER (
            ORDER BY
                all_shootings_one_by_one.gmi IN ('confirmed', 'suspected') DESC,
                all_shootings_one_by_one.day ASC,
                cities.position ASC,
                all_shootings_one_by_one.incident_id ASC
        ) / $rows
    ) = $page
ORDER BY
    cities.position ASC,
    all_shootings_one_by_one.day ASC,
    all_shootings_one_by_one.incident_id ASC
