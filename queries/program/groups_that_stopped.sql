-- How many groups with notice have not shot for a year?
-- Parameters: city, as_of
--   months: integer(1..60) = 12 — how long without a violation counts as stopped
-- Grain: city
-- Class: aggregate
-- Order: position
-- Reads: groups, memberships, call_ins, invitations, custom_notifications, incidents,
--   incident_groups
-- Protects: none
-- Numerator: stopped, groups with notice and without a violation in these months
-- Denominator: with_notice, groups with notice

-- A review may still confirm it, so whether these stopped is not known.
WITH suspected AS (
    SELECT lineage.holder
    FROM shootings
    INNER JOIN LINEAGE_AS_OF($as_of) AS lineage USING (group_id)
    WHERE
        shootings.status = 'suspected'
        AND shootings.shot_on <= $as_of
        AND shootings.shot_on > $as_of - TO_MONTHS($months)
)

SELECT
    cities.city,
    COUNT(*) FILTER (WHERE standing.stopped) AS stopped,
    COUNT(standing.group_id) AS with_notice,
    COUNT(*) FILTER (
        WHERE standing.stopped AND standing.notice_on > $as_of - TO_MONTHS($months)
    ) AS stopped_notice_newer,
    COUNT(*) FILTER (
        WHERE standing.stopped AND ended.active_until <= $as_of
    ) AS stopped_no_longer_active,
    COUNT(*) FILTER (
        WHERE standing.stopped AND standing.group_id IN (SELECT suspected.holder FROM suspected)
    ) AS stopped_suspected
FROM cities
LEFT JOIN STANDINGS_AS_OF($as_of, $months) AS standing USING (city)
LEFT JOIN AUDITED_GROUPS() AS ended
    ON standing.city = ended.city AND standing.group_id = ended.group_id
WHERE
    -- Where nobody can tell, no rows, not zero.
    STANDINGS_ARE_KNOWN(cities.city, $as_of, $months)
    AND ($city IS NULL OR cities.city = $city)
GROUP BY cities.city
