-- Of the services offered, how many were begun within 30 days, are active, or were completed?
-- Parameters: as_of, since
-- Grain: city, kind
-- Class: aggregate
-- Reads: services
-- Protects: offers, offers_aged_30, intake_30, intake, active, completed, ended, active_unknown,
--   not_begun
-- Share: intake_30 of offers_aged_30, offers with 30 days behind them

WITH spans AS (
    FROM SUPPLIED_SPANS(['services'], $as_of, $since)
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
            WHEN COALESCE(services.intake_on > spans.last_day, TRUE) THEN 'not_begun'
            WHEN services.last_contact_on IS NULL THEN 'active_unknown'
            WHEN services.last_contact_on >= spans.last_day - 30 THEN 'active'
            ELSE 'ended'
        END AS status
    FROM services
    INNER JOIN spans USING (city)
    WHERE services.offered_on BETWEEN spans.first_day AND spans.last_day
)

SELECT
    spans.city,
    kinds.kind,
    COUNT(offered.kind) AS offers,
    COUNT(*) FILTER (offered.aged) AS offers_aged_30,
    COUNT(*) FILTER (offered.aged AND offered.soon) AS intake_30,
    COUNT(*) FILTER (offered.status <> 'not_begun') AS intake,
    COUNT(*) FILTER (offered.status = 'active') AS active,
    COUNT(*) FILTER (offered.status = 'completed') AS completed,
    COUNT(*) FILTER (offered.status = 'ended') AS ended,
    COUNT(*) FILTER (offered.status = 'active_unknown') AS active_unknown,
    COUNT(*) FILTER (offered.status = 'not_begun') AS not_begun,
    spans.first_day,
    spans.last_day
FROM spans
CROSS JOIN
    UNNEST(['employment', 'education', 'housing', 'treatment', 'legal', 'mentoring', 'other'])
        AS kinds (kind)
LEFT JOIN offered USING (city, kind)
GROUP BY ALL
