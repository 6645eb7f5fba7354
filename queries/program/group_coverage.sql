-- Of the active groups with an audit, to how many did a member at a call-in in twelve months
-- bring the message?
-- Grain: city
-- Class: aggregate
-- Of: group_coverage_grid
-- Order: position
-- Protects: none
-- Numerator: active audited groups a member of which came to a call-in in the twelve months to
--   as_of
-- Denominator: active audited groups

SELECT
    spans.city,
    COUNT(active.audited_on) AS audited_groups,
    COUNT(active.audited_on) FILTER (WHERE active.covered) AS covered,
    COUNT(active.group_id) FILTER (WHERE NOT active.audited) AS without_audit,
    MIN(active.audited_on) AS oldest_audit_on,
    MAX(active.audited_on) AS newest_audit_on,
    spans.last_day
FROM
    SUPPLIED_SPANS(
        ['call_ins', 'invitations', 'groups', 'memberships'], $as_of, $city, NULL
    ) AS spans
LEFT JOIN all_group_coverage_grid AS active USING (city)
GROUP BY ALL
