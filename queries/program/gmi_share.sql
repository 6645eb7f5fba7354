-- How much of the shooting is known to involve a member of a group, and how much may?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — the day it is told as of
--   since: date = null — the first day, or null for the twelve months to as_of
-- Grain: city
-- Class: aggregate
-- Reads: incidents, victims
-- Protects: none
-- Numerator: confirmed, to confirmed + suspected + unknown
-- Denominator: reviewed; for the range, incidents

WITH supplied AS (
    SELECT
        all_supplied.city,
        all_supplied.position,
        all_supplied.last_day
    FROM SUPPLIED_CITIES(['incidents', 'victims'], CAST($as_of AS DATE), $city) AS all_supplied
    INNER JOIN zeros ON all_supplied.city = CAST(zeros.city AS VARCHAR)
    -- Nothing of a city whose sources do not hold every shooting.
    WHERE zeros.incidents IS NOT NULL
),

spans AS (
    SELECT
        supplied.city,
        supplied.position,
        supplied.last_day,
        COALESCE(
            CAST($since AS DATE), CAST(supplied.last_day - INTERVAL 1 YEAR AS DATE) + 1
        ) AS first_day
    FROM supplied
),

happened AS (
    SELECT
        located.city,
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
    spans.city,
    COUNT(happened.gmi) AS incidents,
    COUNT(*) FILTER (WHERE happened.reviewed OR happened.gmi <> 'unknown') AS reviewed,
    COUNT(*) FILTER (WHERE happened.gmi = 'confirmed') AS confirmed,
    COUNT(*) FILTER (WHERE happened.gmi = 'suspected') AS suspected,
    COUNT(*) FILTER (WHERE happened.gmi = 'none') AS not_gmi,
    COUNT(*) FILTER (WHERE happened.gmi = 'unknown') AS unknown,
    spans.first_day,
    spans.last_day
FROM spans
LEFT JOIN happened ON spans.city = happened.city
GROUP BY spans.city, spans.position, spans.first_day, spans.last_day
ORDER BY spans.position
