-- How many groups with notice have not shot for a year?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — nothing dated after this day is seen
--   months: integer(1..60) = 12 — how long without a violation counts as stopped
-- Grain: city
-- Class: aggregate
-- Reads: groups, memberships, call_ins, invitations, custom_notifications, incidents,
--   incident_groups
-- Protects: none
-- Numerator: stopped, groups with notice and without a violation in these months
-- Denominator: with_notice, groups with notice

WITH shot AS (
    SELECT
        lineage.holder AS group_id,
        MAX(violations.violated_on) AS last_violated_on
    FROM violations
    INNER JOIN lineage
        ON
            violations.group_id = lineage.group_id
            AND lineage.from_on <= CAST($as_of AS DATE)
            AND lineage.until_on > CAST($as_of AS DATE)
    WHERE violations.violated_on <= CAST($as_of AS DATE)
    GROUP BY lineage.holder
),

ended AS (
    SELECT
        groups.group_id,
        ARG_MAX(groups.active_until, groups.audited_on) AS active_until
    FROM groups
    GROUP BY groups.group_id
),

judged AS (
    SELECT
        held.city,
        held.group_id,
        COALESCE(
            shot.last_violated_on
            <= CAST($as_of AS DATE) - TO_MONTHS(CAST($months AS INTEGER)),
            TRUE
        ) AS stopped,
        held.notice_on
        > CAST($as_of AS DATE) - TO_MONTHS(CAST($months AS INTEGER)) AS notice_newer,
        COALESCE(ended.active_until <= CAST($as_of AS DATE), FALSE) AS no_longer_active
    -- docs/promises.md says which group holds a notice on a day.
    FROM NOTICES_AS_OF(CAST($as_of AS DATE)) AS held
    LEFT JOIN shot ON held.group_id = shot.group_id
    LEFT JOIN ended ON held.group_id = ended.group_id
)

SELECT
    cities.city,
    COUNT(*) FILTER (WHERE judged.stopped) AS stopped,
    COUNT(judged.group_id) AS with_notice,
    COUNT(*) FILTER (WHERE judged.stopped AND judged.notice_newer) AS stopped_notice_newer,
    COUNT(*) FILTER (WHERE judged.stopped AND judged.no_longer_active) AS stopped_no_longer_active
FROM cities
LEFT JOIN judged ON cities.city = judged.city
WHERE
    cities.city IN (SELECT groups.city FROM groups)
    -- Who shot is not known without the groups of each incident: no rows, not zero.
    AND CAST(cities.city AS VARCHAR) IN (
        SELECT data_through.city FROM data_through
        WHERE data_through.extract = 'incident_groups'
    )
    AND ($city IS NULL OR cities.city = $city)
GROUP BY cities.city, cities.position
ORDER BY cities.position
