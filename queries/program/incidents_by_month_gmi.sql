-- How many shooting incidents happened each month, and what did the reviews find of groups in them?
-- Parameters: as_of
--   since: date = null — the first day, or null for the first on file
-- Grain: city, month
-- Class: aggregate
-- Reads: incidents, victims
-- Share: confirmed (to confirmed + suspected + unknown) of reviewed; for the range, of incidents

WITH spans AS (
    SELECT
        supplied.city,
        supplied.last_day,
        -- Before the record starts there are no zeros: nothing is known.
        GREATEST($since, cities.starts_on) AS first_day,
        CAST(UNNEST(GENERATE_SERIES(
            DATE_TRUNC('month', first_day), supplied.last_day, INTERVAL 1 MONTH
        )) AS DATE) AS month,
        LAST_DAY(month) AS month_ends
    FROM SUPPLIED_CITIES(['incidents', 'victims'], $as_of) AS supplied
    INNER JOIN cities USING (city)
    WHERE first_day <= supplied.last_day
)

SELECT
    spans.city,
    spans.month,
    EXTRACT(DAY FROM spans.month_ends) AS days,
    COUNT(shootings.gmi) AS incidents,
    COUNT(*) FILTER (shootings.reviewed_on IS NOT NULL OR shootings.gmi <> 'unknown') AS reviewed,
    COUNT(*) FILTER (shootings.gmi = 'confirmed') AS confirmed,
    COUNT(*) FILTER (shootings.gmi = 'suspected') AS suspected,
    COUNT(*) FILTER (shootings.gmi = 'none') AS not_gmi,
    COUNT(*) FILTER (shootings.gmi = 'unknown') AS unknown,
    (spans.month >= spans.first_day AND spans.month_ends <= spans.last_day) AS complete
FROM spans
LEFT JOIN SHOOTINGS_AS_OF(spans.city, spans.first_day, spans.last_day) AS shootings
    ON DATE_TRUNC('month', shootings.day) = spans.month
GROUP BY ALL
