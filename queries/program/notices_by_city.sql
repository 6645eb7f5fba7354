-- How many groups have notice, and of how many may it be older than told?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — nothing dated after this day is seen
-- Grain: city
-- Class: aggregate
-- Of: notices
-- Order: position
-- Reads: groups, memberships, call_ins, invitations, custom_notifications
-- Protects: none
-- Numerator: unsure, groups a member of which may have come to an earlier call-in
-- Denominator: with_notice

SELECT
    notices.city,
    COUNT(*) AS with_notice,
    COUNT(*) FILTER (WHERE notices.earlier_attendance_unknown > 0) AS unsure
FROM all_notices AS notices
GROUP BY notices.city
