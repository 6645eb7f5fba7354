-- How many people were shot, and how many killed, at a place that is not known, and why is it not?
-- Parameters: date_from, date_until
-- Grain: city, reason
-- Class: public_record
-- Order: position, LIST_POSITION(['no_coordinates', 'city_precision', 'outside', 'no_boundaries',
--   'few_placed'], reason)
-- Reads: incidents, victims
-- Protects: victims, fatal, nonfatal, homicides

WITH reasons AS (
    SELECT
        ROW_NUMBER() OVER () AS number,
        covered.city,
        every.reason,
        COALESCE(covered.first_day < cities.placed_from, TRUE) AS is_few_placed
    FROM COVERED_CITIES($date_from, $date_until) AS covered
    INNER JOIN cities ON covered.city = cities.city
    CROSS JOIN
        UNNEST(['no_coordinates', 'city_precision', 'outside', 'no_boundaries', 'few_placed'])
            AS every (reason)
),

-- Each reason with nothing, and each day on which something was counted for it.
counted AS (
    SELECT
        reasons.number,
        zeros.* EXCLUDE (city)
    FROM reasons
    INNER JOIN zeros ON reasons.city = zeros.city
    UNION ALL BY NAME
    SELECT
        reasons.number,
        daily.* EXCLUDE (city, neighbourhood, reason, day)
    FROM reasons
    INNER JOIN daily
        ON
            reasons.city = daily.city
            -- Where most could not be placed, the others are not counted by place either.
            AND reasons.reason = CASE
                WHEN daily.neighbourhood IS NULL THEN daily.reason
                WHEN reasons.is_few_placed THEN 'few_placed'
            END
            AND daily.day >= $date_from
            AND daily.day < $date_until
),

-- Whatever is declared in facts/counted.toml.
summed AS (
    SELECT
        number,
        SUM(COLUMNS(* EXCLUDE (number)))
    FROM counted
    GROUP BY number
)

SELECT
    reasons.city,
    reasons.reason,
    summed.* EXCLUDE (number)
FROM reasons
INNER JOIN summed ON reasons.number = summed.number
