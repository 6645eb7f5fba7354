-- Who on the list is expected home from custody in the next weeks?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — the day it is told as of
--   weeks: integer(1..52) = 8 — how far ahead, in weeks
-- Grain: city, custody_release_id
-- Class: named
-- Order: position, expected_on, custody_release_id
-- Pages: 100 rows, first by expected_on, position, custody_release_id
-- Reads: releases_from_custody, people, memberships, groups
-- Protects: none

WITH supplied AS (
    SELECT
        city,
        position,
        last_day
    FROM SUPPLIED_CITIES(['releases_from_custody', 'people'], CAST($as_of AS DATE), $city)
),

waiting AS (
    SELECT
        releases_from_custody.city,
        releases_from_custody.custody_release_id,
        releases_from_custody.person_id,
        releases_from_custody.expected_on,
        releases_from_custody.facility,
        supplied.position,
        supplied.last_day
    FROM releases_from_custody
    INNER JOIN supplied ON releases_from_custody.city = supplied.city
    INNER JOIN people
        ON
            releases_from_custody.city = people.city
            AND releases_from_custody.person_id = people.person_id
    WHERE
        COALESCE(releases_from_custody.released_on > supplied.last_day, TRUE)
        AND releases_from_custody.expected_on <= supplied.last_day + 7 * CAST($weeks AS INTEGER)
        AND people.listed_on <= supplied.last_day
        AND COALESCE(people.delisted_on > supplied.last_day, TRUE)
),

member_of AS (
    SELECT
        waiting.city,
        waiting.custody_release_id,
        STRING_AGG(DISTINCT members.group_id, ', ' ORDER BY members.group_id) AS group_ids
    FROM waiting
    INNER JOIN members
        ON
            waiting.person_id = members.person_id
            AND waiting.last_day >= members.from_on
            AND waiting.last_day < members.until_on
    GROUP BY waiting.city, waiting.custody_release_id
)

SELECT
    waiting.city,
    waiting.custody_release_id,
    waiting.person_id,
    member_of.group_ids,
    CASE
        WHEN waiting.expected_on <= waiting.last_day THEN 'overdue'
        ELSE 'expected'
    END AS status,
    waiting.expected_on,
    waiting.expected_on - waiting.last_day AS days_ahead,
    waiting.facility,
    waiting.last_day
FROM waiting
LEFT JOIN member_of
    ON
        waiting.city = member_of.city
        AND waiting.custody_release_id = member_of.custody_release_id
