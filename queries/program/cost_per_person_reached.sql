-- How much was spent in a fiscal year, and how many people came to a call-in or were told directly?
-- Parameters: city, as_of
--   fiscal_month: integer(1..12) = 7 — the month in which the fiscal year begins
-- Grain: city, fiscal_year
-- Class: aggregate
-- Order: position, fiscal_year
-- Reads: budget, call_ins, invitations, custom_notifications
-- Protects: reached, attended, notified, attendance_unknown
-- Numerator: spent
-- Denominator: reached: people, each once a year

WITH years AS (
    SELECT
        budget.city,
        budget.fiscal_year,
        supplied.last_day AS as_of,
        SUM(budget.spent) AS spent,
        COUNT(*) AS sources,
        COUNT(*) FILTER (WHERE budget.spent IS NULL) AS spent_unknown,
        MAKE_DATE(
            budget.fiscal_year - CASE WHEN $fiscal_month = 1 THEN 0 ELSE 1 END, $fiscal_month, 1
        ) AS first_day,
        CAST(first_day + INTERVAL 1 YEAR AS DATE) AS next_day
    FROM budget
    INNER JOIN
        SUPPLIED_CITIES(['call_ins', 'invitations', 'custom_notifications'], $as_of, $city)
            AS supplied
        USING (city)
    WHERE
        first_day <= supplied.last_day
        AND COALESCE(first_day >= supplied.begins_on, TRUE)
    GROUP BY ALL
),

contacts AS (
    SELECT
        invitations.city,
        invitations.person_id,
        call_ins.held_on AS day,
        CASE invitations.attended
            WHEN 'attended' THEN 'attended'
            WHEN 'unknown' THEN 'unknown'
        END AS how
    FROM invitations
    INNER JOIN call_ins USING (city, call_in_id)
    UNION ALL
    SELECT
        custom_notifications.city,
        custom_notifications.person_id,
        custom_notifications.attempted_on AS day,
        CASE custom_notifications.contact WHEN 'direct' THEN 'notified' END AS how
    FROM custom_notifications
)

SELECT
    years.city,
    years.fiscal_year,
    CAST(years.spent AS DOUBLE) AS spent,
    years.sources,
    years.spent_unknown AS sources_spent_unknown,
    COUNT(DISTINCT contacts.person_id) FILTER (
        WHERE contacts.how IN ('attended', 'notified')
    ) AS reached,
    COUNT(DISTINCT contacts.person_id) FILTER (WHERE contacts.how = 'attended') AS attended,
    COUNT(DISTINCT contacts.person_id) FILTER (WHERE contacts.how = 'notified') AS notified,
    COUNT(*) FILTER (WHERE contacts.how = 'unknown') AS attendance_unknown,
    (years.next_day <= years.as_of + 1) AS complete,
    years.first_day,
    LEAST(years.next_day - 1, years.as_of) AS last_day
FROM years
LEFT JOIN contacts
    ON
        years.city = contacts.city
        AND years.first_day <= contacts.day
        AND years.next_day > contacts.day
        AND years.as_of >= contacts.day
GROUP BY ALL
