-- How much of the shooting is known to involve a member of a group, and how much may?
-- Parameters: city, as_of, since
-- Grain: city
-- Class: aggregate
-- Order: position
-- Reads: incidents, victims
-- Protects: none
-- Numerator: confirmed, to confirmed + suspected + unknown
-- Denominator: reviewed; for the range, incidents

SELECT
    spans.city,
    COUNT(shootings.incident_id) AS incidents,
    COUNT(*) FILTER (
        WHERE shootings.reviewed_on IS NOT NULL OR shootings.gmi <> 'unknown'
    ) AS reviewed,
    COUNT(*) FILTER (WHERE shootings.gmi = 'confirmed') AS confirmed,
    COUNT(*) FILTER (WHERE shootings.gmi = 'suspected') AS suspected,
    COUNT(*) FILTER (WHERE shootings.gmi = 'none') AS not_gmi,
    COUNT(*) FILTER (WHERE shootings.gmi = 'unknown') AS unknown,
    spans.first_day,
    spans.last_day
FROM SUPPLIED_SPANS(['incidents', 'victims'], $as_of, $city, $since) AS spans
LEFT JOIN SHOOTINGS_AS_OF(spans.city, spans.first_day, spans.last_day) AS shootings ON TRUE
GROUP BY ALL
