-- How often did each group shoot before it had notice, and how often since?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — nothing dated after this day is seen
-- Grain: city, group_id
-- Class: named
-- Order: position, group_id
-- Reads: incidents, incident_groups, groups, memberships, call_ins, invitations,
--   custom_notifications
-- Protects: none
-- Numerator: incidents_before and incidents_after, confirmed shootings by the group
-- Denominator: weeks_before and weeks_after, weeks it was active and shootings were reviewed

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

audited AS (
    SELECT
        groups.group_id,
        MIN(groups.active_from) AS active_from,
        ARG_MAX(groups.active_until, groups.audited_on) AS active_until
    FROM groups
    GROUP BY groups.group_id
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
        GREATEST(observed_to - GREATEST(notices.notice_on, observed_from - 1), 0) AS days_after
    FROM NOTICES_AS_OF($as_of) AS notices
    INNER JOIN reviewed USING (city)
    LEFT JOIN audited USING (group_id)
    WHERE
        ($city IS NULL OR notices.city = $city)
        -- Who shot is not known without the groups of each incident: no rows, not zero.
        AND HAS_SUPPLIED(notices.city, 'incident_groups')
)

SELECT
    spans.city,
    spans.group_id,
    spans.notice_on,
    spans.observed_from,
    spans.observed_to,
    COUNT(*) FILTER (WHERE shootings.shot_on <= spans.notice_on) AS incidents_before,
    CAST(spans.days_before / 7.0 AS DOUBLE) AS weeks_before,
    COUNT(*) FILTER (WHERE shootings.shot_on > spans.notice_on) AS incidents_after,
    CAST(spans.days_after / 7.0 AS DOUBLE) AS weeks_after
FROM spans
LEFT JOIN shootings
    ON
        spans.group_id = shootings.group_id
        AND shootings.status = 'confirmed'
        AND spans.observed_from <= shootings.shot_on
        AND spans.observed_to >= shootings.shot_on
GROUP BY ALL
