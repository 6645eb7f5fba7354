-- Which groups have notice, since which day, and how was it given?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — nothing dated after this day is seen
-- Grain: city, group_id
-- Class: named
-- Reads: groups, memberships, call_ins, invitations, custom_notifications
-- Protects: none
-- Used by: Call-ins, Promises

WITH held AS (
    -- A group that passed on is left out from the day it did: its successor has the notice.
    SELECT
        given_notices.city,
        given_notices.group_id,
        MIN(given_notices.notice_on) AS notice_on,
        ARG_MIN(given_notices.how, given_notices.notice_on) AS how,
        ARG_MIN(given_notices.given_to, given_notices.notice_on) AS given_to
    FROM given_notices
    INNER JOIN lineage
        ON
            given_notices.group_id = lineage.group_id
            AND lineage.group_id = lineage.holder
            AND lineage.until_on > CAST($as_of AS DATE)
    WHERE
        given_notices.holds_from <= CAST($as_of AS DATE)
        AND ($city IS NULL OR given_notices.city = $city)
    GROUP BY given_notices.city, given_notices.group_id
),

not_known AS (
    -- A member may have come to an earlier session: nobody noted who did.
    SELECT
        members.group_id,
        call_ins.held_on,
        invitations.person_id
    FROM invitations
    INNER JOIN call_ins ON invitations.call_in_id = call_ins.call_in_id
    INNER JOIN members
        ON
            invitations.person_id = members.person_id
            AND call_ins.held_on >= members.from_on
            AND call_ins.held_on < members.until_on
    WHERE invitations.attended = 'unknown'
)

SELECT
    cities.city,
    held.group_id,
    held.notice_on,
    held.how,
    NULLIF(held.given_to, held.group_id) AS inherited_from,
    CAST(COUNT(not_known.person_id) AS BIGINT) AS earlier_attendance_unknown
FROM held
INNER JOIN cities ON held.city = cities.city
LEFT JOIN not_known
    ON
        held.group_id = not_known.group_id
        AND held.notice_on > not_known.held_on
GROUP BY
    cities.city, cities.position, held.group_id, held.notice_on, held.how, held.given_to
ORDER BY cities.position, held.notice_on, held.group_id
