-- How much of the shooting is known to involve a member of a group, and how much may?
-- Parameters: as_of, since
-- Grain: city
-- Class: aggregate
-- Reads: incidents, victims
-- Share: confirmed (to confirmed + suspected + unknown) of reviewed; for the range, of incidents

SELECT
    spans.city,
    COUNT(shootings.incident_id) AS incidents,
    COUNT(*) FILTER (shootings.reviewed_on IS NOT NULL OR shootings.gmi <> 'unknown') AS reviewed,
    -- Where nothing was reviewed nothing is drawn: that would say unknown of what no one looked at.
    CASE
        WHEN BOOL_OR(shootings.reviewed_on IS NOT NULL OR shootings.gmi <> 'unknown')
            THEN COUNT(shootings.incident_id)
    END AS looked_at,
    COUNT(*) FILTER (shootings.gmi = 'confirmed') AS confirmed,
    COUNT(*) FILTER (shootings.gmi = 'suspected') AS suspected,
    COUNT(*) FILTER (shootings.gmi = 'none') AS not_gmi,
    COUNT(*) FILTER (shootings.gmi = 'unknown') AS unknown,
    spans.first_day,
    spans.last_day
FROM SUPPLIED_SPANS(['incidents', 'victims'], $as_of, $since) AS spans
LEFT JOIN SHOOTINGS_AS_OF(spans.city, spans.first_day, spans.last_day) AS shootings ON TRUE
GROUP BY ALL
