-- Of the services offered, how many were begun within 30 days, are active, or were completed?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — the day it is told as of
--   since: date = null — the first day, or null for the twelve months to as_of
-- Grain: city, kind
-- Class: aggregate
-- Reads: services
-- Protects: offers, offers_aged_30, intake_30, intake, active, completed, ended, active_unknown
-- Numerator: intake_30: begun within 30 days of the offer
-- Denominator: offers_aged_30: offers with 30 days behind them

WITH spans AS (
    SELECT
        city,
        position,
        first_day,
        last_day
    FROM SUPPLIED_SPANS(
        ['services'], CAST($as_of AS DATE), $city, CAST($since AS DATE)
    )
),

kinds AS (
    SELECT
        UNNEST(['employment', 'education', 'housing', 'treatment', 'legal', 'mentoring', 'other'])
            AS kind
),

offered AS (
    SELECT
        services.city,
        services.kind,
        (services.offered_on + 30 <= spans.last_day) AS aged,
        COALESCE(services.intake_on <= services.offered_on + 30, FALSE) AS soon,
        -- What came after the day is not known on it.
        CASE
            WHEN services.completed_on <= spans.last_day THEN 'completed'
            WHEN services.intake_on <= spans.last_day AND services.last_contact_on IS NULL
                THEN 'active_unknown'
            WHEN
                services.intake_on <= spans.last_day
                AND services.last_contact_on >= spans.last_day - 30
                THEN 'active'
            WHEN services.intake_on <= spans.last_day THEN 'ended'
            ELSE 'not_begun'
        END AS stands
    FROM services
    INNER JOIN spans
        ON
            services.city = spans.city
            AND services.offered_on >= spans.first_day
            AND services.offered_on <= spans.last_day
)

SELECT
    spans.city,
    kinds.kind,
    COUNT(offered.kind) AS offers,
    COUNT(*) FILTER (WHERE offered.aged) AS offers_aged_30,
    COUNT(*) FILTER (WHERE offered.aged AND offered.soon) AS intake_30,
    COUNT(*) FILTER (WHERE offered.stands <> 'not_begun') AS intake,
    COUNT(*) FILTER (WHERE offered.stands = 'active') AS active,
    COUNT(*) FILTER (WHERE offered.stands = 'completed') AS completed,
    COUNT(*) FILTER (WHERE offered.stands = 'ended') AS ended,
    COUNT(*) FILTER (WHERE offered.stands = 'active_unknown') AS active_unknown,
    spans.first_day,
    spans.last_day
FROM spans
CROSS JOIN kinds
LEFT JOIN offered ON spans.city = offered.city AND kinds.kind = offered.kind
GROUP BY spans.city, spans.position, kinds.kind, spans.first_day, spans.last_day
ORDER BY spans.position, kinds.kind
