-- Which groups have notice, since which day, and how was it given?
-- Parameters: as_of
-- Grain: city, group_id
-- Class: named
-- Order: position, notice_on, group_id
-- Reads: groups, memberships, call_ins, invitations, custom_notifications

SELECT
    notices.city,
    notices.group_id,
    notices.notice_on,
    notices.how,
    NULLIF(notices.given_to, notices.group_id) AS inherited_from,
    COUNT(earlier.person_id) AS earlier_attendance_unknown
FROM NOTICES_AS_OF($as_of) AS notices
-- A member may have come to an earlier session: nobody noted who did.
LEFT JOIN messages AS earlier
    ON
        notices.group_id = earlier.group_id
        AND notices.notice_on > earlier.brought_on
        AND earlier.result = 'unknown'
GROUP BY ALL
