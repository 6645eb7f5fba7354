-- How often did the groups of a city shoot before they had notice, and how often since?
-- Parameters: city, as_of
-- Grain: city
-- Class: aggregate
-- Order: position
-- Reads: incidents, incident_groups, groups, memberships, call_ins, invitations,
--   custom_notifications
-- Protects: none
-- Numerator: incidents_before and incidents_after, confirmed shootings by the groups
-- Denominator: weeks_before and weeks_after, weeks they were active and shootings were reviewed

WITH reviewed AS (
    -- Who shot is known from the first incident of the city that was ever reviewed, and not before
    -- the file of it begins.
    SELECT
        incidents.city,
        GREATEST(
            MIN(CAST(incidents.occurred_at AS DATE)), MAX(data_through.begins_on)
        ) AS reviewed_from
    FROM incidents
    LEFT JOIN data_through
        ON incidents.city = data_through.city AND data_through.extract = 'incident_groups'
    WHERE incidents.reviewed_on IS NOT NULL
    GROUP BY incidents.city
),

spans AS (
    -- The day of notice is the last day before.
    SELECT
        notices.city,
        notices.group_id,
        notices.notice_on,
        GREATEST(reviewed.reviewed_from, audited.active_from) AS observed_from,
        LEAST($as_of, audited.active_until) AS observed_to,
        GREATEST(LEAST(notices.notice_on, observed_to) - observed_from + 1, 0) AS days_before,
        GREATEST(observed_to - GREATEST(notices.notice_on, observed_from - 1), 0) AS days_after,
        -- A group not seen before, a successor for one, would only add to one side.
        (days_before > 0 AND days_after > 0) AS on_both_sides
    FROM NOTICES_AS_OF($as_of) AS notices
    INNER JOIN reviewed USING (city)
    LEFT JOIN AUDITED_GROUPS() AS audited USING (city, group_id)
    WHERE
        ($city IS NULL OR notices.city = $city)
        -- Who shot is not known without the groups of each incident: no rows, not zero.
        AND HAS_SUPPLIED(notices.city, 'incident_groups')
),

sides AS (
    SELECT
        spans.city,
        spans.on_both_sides,
        spans.days_before,
        spans.days_after,
        COUNT(*) FILTER (WHERE shootings.shot_on <= spans.notice_on) AS incidents_before,
        COUNT(*) FILTER (WHERE shootings.shot_on > spans.notice_on) AS incidents_after
    FROM spans
    LEFT JOIN shootings
        ON
            spans.group_id = shootings.group_id
            AND shootings.status = 'confirmed'
            AND spans.observed_from <= shootings.shot_on
            AND spans.observed_to >= shootings.shot_on
    GROUP BY spans.group_id, spans.city, spans.on_both_sides, spans.days_before, spans.days_after
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
