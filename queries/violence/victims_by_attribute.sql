-- Who was shot, by age, by sex, and by race and ethnicity?
-- Parameters:
--   date_from: date = start of year — the first day
--   date_until
-- Grain: city, attribute, value
-- Class: aggregate
-- Reads: incidents, victims
-- Protects: victims

WITH shot AS (
    FROM PEOPLE_SHOT($date_from, $date_until)
),

shot_by_value AS (
    UNPIVOT shot ON age_band, sex, race_ethnicity INTO NAME attribute VALUE value
),

ever AS (
    SELECT DISTINCT
        victims.city,
        victims.age_band,
        victims.sex,
        victims.race_ethnicity
    FROM victims
),

given AS (
    UNPIVOT ever ON age_band, sex, race_ethnicity INTO NAME attribute VALUE value
),

-- What a source ever gave of each attribute.
spine AS (
    SELECT
        cities.city,
        cities.position AS place,
        attributes.*,
        COALESCE(LIST(given.value) FILTER (given.value <> 'unknown'), []) AS known
    FROM cities
    CROSS JOIN attributes
    LEFT JOIN given USING (city, attribute)
    GROUP BY ALL
),

counted AS (
    SELECT
        covered.city,
        spine.place,
        spine.position,
        spine.attribute,
        spine.words,
        shown.value,
        -- A count that the city's sources do not hold is missing: `zeros` is null there.
        MIN(zeros.victims) + COUNT(shot_by_value.value) AS victims
    FROM COVERED_CITIES($date_from, $date_until) AS covered
    INNER JOIN spine USING (city)
    -- Every value has its row, so that no one shot is a zero; unknown is a value of its own.
    CROSS JOIN
        UNNEST(CASE
            -- What a source never gave is neither a zero nor unknown of everybody.
            WHEN spine.known = [] THEN ['not_supplied']
            WHEN LIST_HAS_ALL(spine.words, spine.known) THEN spine.words
            -- A source's own bands take the place of ours.
            ELSE LIST_APPEND(spine.known, 'unknown')
        END) AS shown (value)
    LEFT JOIN zeros
        ON
            covered.city = zeros.city
            -- What a source never gives in any year it may not ask: neither is that a zero.
            AND (
                LIST_CONTAINS(LIST_APPEND(spine.known, 'unknown'), shown.value)
                OR (spine.known <> [] AND covered.city NOT IN (SELECT shot.city FROM shot))
            )
    LEFT JOIN shot_by_value
        ON
            covered.city = shot_by_value.city
            AND spine.attribute = shot_by_value.attribute
            AND shown.value = shot_by_value.value
    WHERE $city IS NULL OR covered.city = $city
    GROUP BY
        covered.city, spine.place, spine.position, spine.attribute, spine.words, shown.value
)

SELECT
    city,
    attribute,
    value,
    -- Of people most of whom it is not known that no one was it is not known either.
    IF(
        victims = 0 AND value <> 'unknown'
        AND 2 * SUM(victims) FILTER (value = 'unknown') OVER of_all > SUM(victims) OVER of_all,
        NULL, victims
    ) AS victims
FROM counted
WINDOW of_all AS (PARTITION BY city, attribute)
ORDER BY
    place,
    position,
    value = 'unknown',
    -- Bands by the first year, then the last; an open band ends last.
    TRY_CAST(REGEXP_EXTRACT(value, '^[0-9]+') AS INTEGER),
    TRY_CAST(REGEXP_EXTRACT(value, '[0-9]+$') AS INTEGER) NULLS LAST,
    LIST_POSITION(words, value)
