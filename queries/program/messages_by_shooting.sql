-- After how many shootings was a group involved, and after how many was one notified?
-- Parameters:
--   city: city = null — one city, or all of them
--   date_from: date = data_through - 6 days — the first day
--   date_until: date = data_through + 1 day — the day after the last
--   as_of: date = data_through — the day it is told as of
--   within_days: integer(0..30) = threshold notified_within_days — days after it: 72 hours
-- Grain: city, gmi, notified
-- Class: aggregate
-- Of: shootings_one_by_one
-- Order: position, gmi, notified
-- Reads: incidents, victims, incident_groups, groups, memberships, call_ins, invitations,
--   custom_notifications, enforcement_actions
-- Protects: none

SELECT
    shootings.city,
    shootings.gmi,
    shootings.notified,
    COUNT(*) AS shootings
FROM all_shootings_one_by_one AS shootings
GROUP BY ALL
