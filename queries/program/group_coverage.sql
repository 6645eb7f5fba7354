-- Of the active groups with an audit, to how many did a member at a call-in in twelve months
-- bring the message?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — the day it is told as of
-- Grain: city
-- Class: aggregate
-- Reads: call_ins, invitations, groups, memberships
-- Protects: none
-- Numerator: active audited groups a member of which came to a call-in in the twelve months to
--   as_of
-- Denominator: active audited groups

WITH supplied AS (
    SELECT
        city,
        position,
        last_day
    FROM SUPPLIED_CITIES(
        ['call_ins', 'invitations', 'groups', 'memberships'], CAST($as_of AS DATE), $city
    )
),

-- Each group on its last audit up to the day, while it was active and had not become another.
active AS (
    SELECT
        active_groups.city,
        active_groups.group_id,
        active_groups.audited_on
    FROM active_groups
    INNER JOIN supplied
        ON
            active_groups.city = supplied.city
            AND active_groups.from_on <= supplied.last_day
            AND active_groups.until_on > supplied.last_day
),

-- What a group was told is its successor's from the day it became it.
attended AS (
    SELECT DISTINCT
        supplied.city,
        lineage.holder AS group_id
    FROM supplied
    INNER JOIN lineage
        ON supplied.last_day >= lineage.from_on AND supplied.last_day < lineage.until_on
    INNER JOIN messages
        ON
            lineage.group_id = messages.group_id
            AND supplied.last_day >= messages.brought_on
            AND CAST(supplied.last_day - INTERVAL 1 YEAR AS DATE) < messages.brought_on
    WHERE messages.how = 'call_in' AND messages.gives_notice
)

SELECT
    supplied.city,
    COUNT(active.audited_on) AS audited_groups,
    COUNT(active.audited_on) FILTER (WHERE attended.group_id IS NOT NULL) AS covered,
    COUNT(active.group_id) FILTER (WHERE active.audited_on IS NULL) AS without_audit,
    MIN(active.audited_on) AS oldest_audit_on,
    MAX(active.audited_on) AS newest_audit_on,
    supplied.last_day
FROM supplied
LEFT JOIN active ON supplied.city = active.city
LEFT JOIN attended ON active.city = attended.city AND active.group_id = attended.group_id
GROUP BY supplied.city, supplied.position, supplied.last_day
ORDER BY supplied.position
