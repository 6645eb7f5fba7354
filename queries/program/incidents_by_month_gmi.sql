-- How many shooting incidents happened each month, and what did the reviews find of groups in them?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — the day it is told as of
--   since: date = null — the first day, or null for the first on file
-- Grain: city, month
-- Class: aggregate
-- Reads: incidents, victims
-- Protects: none
-- Numerator: confirmed, to confirmed + suspected + unknown
-- Denominator: reviewed; for the range, incidents

WITH through AS (
    SELECT
        data_through.city,
        MIN(data_through.day) AS day
    FROM data_through
    WHERE data_through.extract IN ('incidents', 'victims')
    GROUP BY data_through.city
    -- A city that did not hand over all of this has no rows: nothing is known, not zero.
    HAVING COUNT(*) = 2
),

spans AS (
    SELECT
        CAST(cities.city AS VARCHAR) AS city,
        cities.position,
        -- Before the record starts there are no zeros: nothing is known.
        GREATEST(COALESCE(CAST($since AS DATE), cities.starts_on), cities.starts_on) AS first_day,
        LEAST(CAST($as_of AS DATE), through.day) AS last_day
    FROM cities
    INNER JOIN through ON CAST(cities.city AS VARCHAR) = through.city
    INNER JOIN zeros ON cities.city = zeros.city
    WHERE
        -- Nor one whose sources do not hold every shooting.
        zeros.incidents IS NOT NULL
        AND ($city IS NULL OR CAST(cities.city AS VARCHAR) = $city)
),

spine AS (
    SELECT
        spans.city,
        spans.position,
        spans.first_day,
        spans.last_day,
        CAST(UNNEST(GENERATE_SERIES(
            DATE_TRUNC('month', spans.first_day),
            spans.last_day,
            INTERVAL 1 MONTH
        )) AS DATE) AS month
    FROM spans
    WHERE spans.first_day <= spans.last_day
),

happened AS (
    SELECT
        located.city,
        CAST(DATE_TRUNC('month', located.day) AS DATE) AS month,
        (incidents.reviewed_on <= spans.last_day) AS reviewed,
        -- What a review settles after the day is not known on it.
        CASE
            WHEN incidents.reviewed_on > spans.last_day THEN 'unknown'
            ELSE incidents.gmi
        END AS gmi
    FROM located
    INNER JOIN incidents
        ON located.city = incidents.city AND located.incident_id = incidents.incident_id
    INNER JOIN spans
        ON
            located.city = spans.city
            AND located.day >= spans.first_day
            AND located.day <= spans.last_day
    WHERE located.counted AND located.victims > 0
)

SELECT
    spine.city,
    spine.month,
    EXTRACT(DAY FROM LAST_DAY(spine.month)) AS days,
    COUNT(happened.gmi) AS incidents,
    COUNT(*) FILTER (WHERE happened.reviewed OR happened.gmi <> 'unknown') AS reviewed,
    COUNT(*) FILTER (WHERE happened.gmi = 'confirmed') AS confirmed,
    COUNT(*) FILTER (WHERE happened.gmi = 'suspected') AS suspected,
    COUNT(*) FILTER (WHERE happened.gmi = 'none') AS not_gmi,
    COUNT(*) FILTER (WHERE happened.gmi = 'unknown') AS unknown,
    (
        spine.month >= spine.first_day
        AND LAST_DAY(spine.month) <= spine.last_day
    ) AS complete
FROM spine
LEFT JOIN happened ON spine.city = happened.city AND spine.month = happened.month
GROUP BY spine.city, spine.position, spine.month, spine.first_day, spine.last_day
ORDER BY spine.position, spine.month
