-- How many of the people shot were young Black men, and of how many is that not known?
-- Parameters:
--   date_from: date = start of year — the first day
--   date_until
-- Grain: city
-- Class: aggregate
-- Reads: incidents, victims
-- Protects: young_black_men, victims, may_be
-- Share: young_black_men, Black men under 30 (to young_black_men + may_be), of victims

WITH ever AS (
    SELECT
        victims.city,
        BOOL_OR(victims.age_band <> 'unknown')
        AND BOOL_OR(victims.sex <> 'unknown')
        AND BOOL_OR(victims.race_ethnicity <> 'unknown') AS supplied,
        BOOL_OR(victims.sex = 'male') AND BOOL_OR(victims.race_ethnicity = 'black') AS given
    FROM victims
    GROUP BY victims.city
),

judged AS (
    SELECT
        victims.city,
        TRY_CAST(REGEXP_EXTRACT(victims.age_band, '^[0-9]+') AS INTEGER) AS first_year,
        -- Of an open band and of an unknown age there is none.
        TRY_CAST(REGEXP_EXTRACT(victims.age_band, '[0-9]+$') AS INTEGER) AS last_year,
        (
            COALESCE(last_year < 30, FALSE)
            AND victims.sex = 'male'
            AND victims.race_ethnicity = 'black'
        ) AS is_one,
        -- Nothing known of them says that they are not: a band across 30 does not either.
        (
            COALESCE(first_year < 30, TRUE)
            AND victims.sex IN ('male', 'unknown')
            AND victims.race_ethnicity IN ('black', 'unknown')
        ) AS could_be
    FROM PEOPLE_SHOT($date_from, $date_until) AS victims
)

SELECT
    covered.city,
    -- A source that never gave one of the three says nothing of anybody; one that never gave men,
    -- or the Black, nothing but that nobody was shot.
    CASE
        WHEN ever.supplied AND (ever.given OR COUNT(judged.is_one) = 0)
            THEN COUNT(*) FILTER (judged.is_one)
    END AS young_black_men,
    CASE
        WHEN ever.supplied AND (ever.given OR COUNT(judged.is_one) = 0)
            THEN COUNT(*) FILTER (judged.could_be AND NOT judged.is_one)
    END AS may_be,
    COUNT(judged.is_one) AS victims
FROM COVERED_CITIES($date_from, $date_until) AS covered
INNER JOIN zeros USING (city)
LEFT JOIN ever USING (city)
LEFT JOIN judged USING (city)
-- Nothing of a city whose sources do not hold everybody who was victims.
WHERE zeros.victims IS NOT NULL
GROUP BY covered.city, ever.supplied, ever.given
