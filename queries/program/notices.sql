-- Which groups have notice, since which day, and how was it given?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — nothing dated after this day is seen
-- Grain: city, group_id
-- Class: named
-- Reads: groups, memberships, call_ins, invitations, custom_notifications
-- Protects: none

WITH not_known AS (
    -- A member may have come to an earlier session: nobody noted who did.
    SELECT
        messages.group_id,
        messages.brought_on,
        messages.person_id
    FROM messages
    WHERE messages.result = 'unknown'
)

SELECT
    cities.city,
    held.group_id,
    held.notice_on,
    held.how,
    NULLIF(held.given_to, held.group_id) AS inherited_from,
    COUNT(not_known.person_id) AS earlier_attendance_unknown
-- docs/promises.md says which group holds a notice on a day.
FROM NOTICES_AS_OF(CAST($as_of AS DATE)) AS held
INNER JOIN cities ON held.city = cities.city
LEFT JOIN not_known
    ON
        held.group_id = not_known.group_id
        AND held.notice_on > not_known.brought_on
WHERE $city IS NULL OR held.city = $city
GROUP BY
    cities.city, cities.position, held.group_id, held.notice_on, held.how, held.given_to
ORDER BY cities.position, held.notice_on, held.group_id
