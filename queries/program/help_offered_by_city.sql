-- To members of how many groups with notice was help offered?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — nothing dated after this day is seen
--   months: integer(1..60) = 12 — how long without a violation counts as stopped
-- Grain: city
-- Class: aggregate
-- Of: two_sided_ledger
-- Order: position
-- Reads: incidents, incident_groups, groups, memberships, call_ins, invitations,
--   custom_notifications, enforcement_actions, services, people
-- Protects: none
-- Numerator: offered, groups to a member of which a service was offered since notice
-- Denominator: known, groups with notice in a city that handed services over

SELECT
    ledger.city,
    COUNT(*) AS with_notice,
    COUNT(ledger.services_offered) AS known,
    COUNT(*) FILTER (WHERE ledger.services_offered > 0) AS offered
FROM all_two_sided_ledger AS ledger
GROUP BY ledger.city
