-- How often did the groups of a city shoot before they had notice, and how often since?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — nothing dated after this day is seen
-- Grain: city
-- Class: aggregate
-- Of: group_before_after
-- Order: position
-- Reads: incidents, incident_groups, groups, memberships, call_ins, invitations,
--   custom_notifications
-- Protects: none
-- Numerator: incidents_before and incidents_after, confirmed shootings by the groups
-- Denominator: weeks_before and weeks_after, weeks they were active and shootings were reviewed

WITH sides AS (
    -- A group not seen before, a successor for one, would only add to one side.
    SELECT
        rates.city,
        rates.incidents_before,
        rates.incidents_after,
        -- Whole days add up exactly, in whatever order.
        CAST(ROUND(7 * rates.weeks_before) AS BIGINT) AS days_before,
        CAST(ROUND(7 * rates.weeks_after) AS BIGINT) AS days_after,
        (rates.weeks_before > 0 AND rates.weeks_after > 0) AS on_both_sides
    FROM all_group_before_after AS rates
)

SELECT
    sides.city,
    COALESCE(SUM(sides.incidents_before) FILTER (WHERE sides.on_both_sides), 0) AS incidents_before,
    CAST(COALESCE(SUM(sides.days_before) FILTER (WHERE sides.on_both_sides), 0) / 7.0 AS DOUBLE)
        AS weeks_before,
    COALESCE(SUM(sides.incidents_after) FILTER (WHERE sides.on_both_sides), 0) AS incidents_after,
    CAST(COALESCE(SUM(sides.days_after) FILTER (WHERE sides.on_both_sides), 0) / 7.0 AS DOUBLE)
        AS weeks_after,
    COUNT(*) FILTER (WHERE sides.on_both_sides) AS groups,
    COUNT(*) FILTER (WHERE NOT sides.on_both_sides) AS left_out
FROM sides
GROUP BY ALL
