-- How much was spent in a fiscal year, and how many people came to a call-in or were notified?
-- Parameters: as_of
--   fiscal_month: integer(1..12) = 7 — the month in which the fiscal year begins
-- Grain: city, fiscal_year
-- Class: aggregate
-- Reads: budget, call_ins, invitations, custom_notifications
-- Needs: call_ins, invitations, custom_notifications
-- Protects: reached, attended, attendance_unknown
-- Share: spent for reached: people, each once a year

WITH years AS (
    SELECT
        budget.city,
        budget.fiscal_year,
        supplied.last_day AS as_of,
        CAST(SUM(budget.spent) AS DOUBLE) AS spent,
        COUNT(*) AS sources,
        COUNT(*) FILTER (budget.spent IS NULL) AS sources_spent_unknown,
        MAKE_DATE(budget.fiscal_year - IF($fiscal_month = 1, 0, 1), $fiscal_month, 1) AS first_day,
        CAST(first_day + INTERVAL 1 YEAR AS DATE) AS next_day
    FROM budget
    INNER JOIN
        SUPPLIED_CITIES(['call_ins', 'invitations', 'custom_notifications'], $as_of) AS supplied
        USING (city)
    WHERE first_day <= supplied.last_day AND COALESCE(first_day >= supplied.begins_on, TRUE)
    GROUP BY ALL
),

contacts AS (
    SELECT
        invitations.city,
        invitations.person_id,
        call_ins.held_on AS day,
        invitations.attended AS how
    FROM invitations
    INNER JOIN call_ins USING (city, call_in_id)
    UNION ALL
    SELECT
        custom_notifications.city,
        custom_notifications.person_id,
        custom_notifications.attempted_on AS day,
        custom_notifications.contact AS how
    FROM custom_notifications
)

SELECT
    years.city,
    years.fiscal_year,
    years.spent,
    years.sources,
    years.sources_spent_unknown,
    COUNT(DISTINCT contacts.person_id) FILTER (contacts.how IN ('attended', 'direct')) AS reached,
    COUNT(DISTINCT contacts.person_id) FILTER (contacts.how = 'attended') AS attended,
    COUNT(*) FILTER (contacts.how = 'unknown') AS attendance_unknown,
    (years.next_day <= years.as_of + 1) AS complete,
    years.first_day,
    LEAST(years.next_day - 1, years.as_of) AS last_day
FROM years
LEFT JOIN contacts
    ON
        years.city = contacts.city
        AND contacts.day BETWEEN years.first_day AND LEAST(years.next_day - 1, years.as_of)
GROUP BY ALL
