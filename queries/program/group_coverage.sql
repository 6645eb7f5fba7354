-- Of the active groups with an audit, to how many did a member at a call-in in twelve months
-- bring the message?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — the day it is told as of
-- Grain: city
-- Class: aggregate
-- Order: position
-- Reads: call_ins, invitations, groups, memberships
-- Protects: none
-- Numerator: active audited groups a member of which came to a call-in in the twelve months to
--   as_of
-- Denominator: active audited groups

WITH spans AS (
    FROM SUPPLIED_SPANS(
        ['call_ins', 'invitations', 'groups', 'memberships'], $as_of, $city, NULL
    )
),

-- What a group was told is its successor's from the day it became it.
attended AS (
    SELECT DISTINCT
        spans.city,
        lineage.holder AS group_id
    FROM spans
    CROSS JOIN LINEAGE_AS_OF(spans.last_day) AS lineage
    INNER JOIN messages
        ON
            lineage.group_id = messages.group_id
            AND spans.last_day >= messages.brought_on
            AND spans.first_day <= messages.brought_on
    WHERE messages.how = 'call_in' AND messages.gives_notice
)

SELECT
    spans.city,
    COUNT(active.audited_on) AS audited_groups,
    COUNT(active.audited_on) FILTER (WHERE attended.group_id IS NOT NULL) AS covered,
    COUNT(active.group_id) FILTER (WHERE active.audited_on IS NULL) AS without_audit,
    MIN(active.audited_on) AS oldest_audit_on,
    MAX(active.audited_on) AS newest_audit_on,
    spans.last_day
FROM spans
-- Each group on its last audit up to the day, while it was active and had not become another.
LEFT JOIN ACTIVE_GROUPS_AS_OF(spans.last_day) AS active ON spans.city = active.city
LEFT JOIN attended ON active.city = attended.city AND active.group_id = attended.group_id
GROUP BY ALL
