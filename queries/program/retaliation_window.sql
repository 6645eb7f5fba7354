-- After how many group-member-involved shootings was an involved group notified in time?
-- Parameters: as_of, since
--   within_days: integer(0..30) = threshold notified_within_days — days after it
-- Grain: city
-- Class: aggregate
-- Reads: incidents, victims, incident_groups, custom_notifications, groups, memberships
-- Share: notified (an involved group, directly or by family, within the days) of incidents, the
--   confirmed group-member-involved ones with that many days behind them

WITH spans AS (
    FROM SUPPLIED_SPANS(
        ['incidents', 'victims', 'incident_groups', 'custom_notifications'], $as_of, $since
    )
),

-- Both sides as the group that holds them on the last day: it may have become another between
-- the shooting and the notification.
followed AS (
    SELECT
        spans.city,
        located.incident_id,
        located.gmi,
        COUNT(sides.group_id) > 0 AS has_group,
        COUNT(messages.result) > 0 AS attempted,
        BOOL_OR(messages.result <> 'none') AS made
    FROM spans
    INNER JOIN located
        ON
            spans.city = located.city
            AND located.day BETWEEN spans.first_day AND spans.last_day - $within_days
            AND located.counted
            AND located.victims > 0
    LEFT JOIN SIDES_AS_OF(spans.last_day) AS sides ON located.incident_id = sides.incident_id
    LEFT JOIN MESSAGES_AS_OF(spans.last_day) AS messages
        ON
            spans.city = messages.city
            AND messages.how = 'custom_notification'
            AND sides.group_id = messages.group_id
            AND messages.brought_on BETWEEN located.day AND located.day + $within_days
    GROUP BY ALL
)

SELECT
    spans.city,
    COUNT(*) FILTER (followed.gmi = 'confirmed') AS incidents,
    COUNT(*) FILTER (followed.gmi = 'confirmed' AND followed.made) AS notified,
    COUNT(*) FILTER (followed.gmi = 'confirmed' AND followed.attempted AND NOT followed.made)
        AS attempted_only,
    COUNT(*) FILTER (followed.gmi = 'confirmed' AND NOT followed.has_group) AS group_unknown,
    COUNT(*) FILTER (followed.gmi = 'suspected') AS suspected,
    COUNT(*) FILTER (followed.gmi = 'suspected' AND followed.made) AS suspected_notified,
    COUNT(*) FILTER (followed.gmi = 'unknown') AS gmi_unknown,
    spans.first_day,
    spans.last_day - $within_days AS last_day
FROM spans
LEFT JOIN followed USING (city)
GROUP BY ALL
