-- How many shooting incidents happened each month, and what did the reviews find of groups in them?
-- Parameters: city, as_of
--   since: date = null — the first day, or null for the first on file
-- Grain: city, month
-- Class: aggregate
-- Order: position, month
-- Reads: incidents, victims
-- Protects: none
-- Numerator: confirmed, to confirmed + suspected + unknown
-- Denominator: reviewed; for the range, incidents

WITH spans AS (
    SELECT
        supplied.city,
        supplied.last_day,
        -- Before the record starts there are no zeros: nothing is known.
        GREATEST($since, cities.starts_on) AS first_day
    FROM SUPPLIED_CITIES(['incidents', 'victims'], $as_of, $city) AS supplied
    INNER JOIN cities USING (city)
),

spine AS (
    SELECT
        spans.*,
        CAST(UNNEST(GENERATE_SERIES(
            DATE_TRUNC('month', spans.first_day), spans.last_day, INTERVAL 1 MONTH
        )) AS DATE) AS month
    FROM spans
    WHERE spans.first_day <= spans.last_day
),

by_month AS (
    SELECT
        spans.city,
        DATE_TRUNC('month', shootings.day) AS month,
        shootings.reviewed_on,
        shootings.gmi
    FROM spans
    CROSS JOIN SHOOTINGS_AS_OF(spans.city, spans.first_day, spans.last_day) AS shootings
)

SELECT
    spine.city,
    spine.month,
    EXTRACT(DAY FROM LAST_DAY(spine.month)) AS days,
    COUNT(by_month.gmi) AS incidents,
    COUNT(*) FILTER (
        WHERE by_month.reviewed_on IS NOT NULL OR by_month.gmi <> 'unknown'
    ) AS reviewed,
    COUNT(*) FILTER (WHERE by_month.gmi = 'confirmed') AS confirmed,
    COUNT(*) FILTER (WHERE by_month.gmi = 'suspected') AS suspected,
    COUNT(*) FILTER (WHERE by_month.gmi = 'none') AS not_gmi,
    COUNT(*) FILTER (WHERE by_month.gmi = 'unknown') AS unknown,
    (
        spine.month >= spine.first_day
        AND LAST_DAY(spine.month) <= spine.last_day
    ) AS complete
FROM spine
LEFT JOIN by_month USING (city, month)
GROUP BY ALL
