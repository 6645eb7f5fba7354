-- How many groups with notice have not shot for a year?
-- Parameters: as_of
--   months: integer(1..60) = 12 — how long without a shooting counts as stopped
-- Grain: city
-- Class: aggregate
-- Reads: groups, memberships, call_ins, invitations, custom_notifications, incidents,
--   incident_groups
-- Share: stopped, groups with notice and without a shooting in these months, of with_notice

SELECT
    cities.city,
    COUNT(*) FILTER (held.stopped) AS stopped,
    COUNT(held.group_id) AS with_notice,
    COUNT(*) FILTER (held.stopped AND ended.active_until <= $as_of) AS stopped_no_longer_active,
    -- A review may still confirm it, so whether these stopped is not known.
    COUNT(*) FILTER (held.stopped AND held.suspected) AS stopped_suspected,
    MIN(held.who_shot_ends_on) AS who_shot_ends_on
FROM cities
LEFT JOIN STANDINGS_AS_OF($as_of, $months) AS held USING (city)
LEFT JOIN AUDITED_GROUPS() AS ended
    ON held.city = ended.city AND held.group_id = ended.group_id
-- What is not known has no row, not zero.
WHERE STANDINGS_ARE_KNOWN(cities.city, $as_of, $months)
GROUP BY cities.city
