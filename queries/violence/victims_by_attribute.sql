-- Who was shot, by age, by sex, and by race and ethnicity?
-- Parameters:
--   date_from: date = start of year — the first day
--   date_until
-- Grain: city, attribute, value
-- Class: aggregate
-- Reads: incidents, victims
-- Protects: victims, fatal, nonfatal

WITH shot AS (
    FROM PEOPLE_SHOT($date_from, $date_until)
),

-- Every value has its row, so that nobody shot is a zero; unknown is a value of its own.
fixed AS (
    FROM (
        VALUES
        ('age_band', '0-14', 1), ('age_band', '15-17', 2), ('age_band', '18-24', 3),
        ('age_band', '25-29', 4), ('age_band', '30-34', 5), ('age_band', '35-44', 6),
        ('age_band', '45-54', 7), ('age_band', '55+', 8), ('age_band', 'unknown', 1000000),
        ('sex', 'female', 11), ('sex', 'male', 12), ('sex', 'other', 13), ('sex', 'unknown', 14),
        ('race_ethnicity', 'black', 21), ('race_ethnicity', 'hispanic', 22),
        ('race_ethnicity', 'white', 23), ('race_ethnicity', 'asian', 24),
        ('race_ethnicity', 'american_indian', 25), ('race_ethnicity', 'other', 26),
        ('race_ethnicity', 'unknown', 27)
    ) AS parts (attribute, value, position)
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

supplied AS (
    SELECT
        given.city,
        given.attribute,
        -- A source's own bands stand in place of ours.
        BOOL_OR(fixed.value IS NULL) AS own
    FROM given
    LEFT JOIN fixed USING (attribute, value)
    WHERE given.value <> 'unknown'
    GROUP BY ALL
),

spine AS (
    SELECT
        supplied.city,
        fixed.attribute,
        fixed.value,
        fixed.position,
        -- What a source never gives in any year it may not ask: neither is that a zero.
        fixed.value = 'unknown'
        OR (supplied.city, fixed.attribute, fixed.value) IN (
            SELECT (given.city, given.attribute, given.value) FROM given
        ) AS ever_given
    FROM supplied
    INNER JOIN fixed USING (attribute)
    WHERE NOT supplied.own OR fixed.value = 'unknown'
    UNION
    SELECT
        supplied.city,
        given.attribute,
        given.value,
        -- By the first year, then the last; an open band ends last.
        1000 * TRY_CAST(REGEXP_EXTRACT(given.value, '^[0-9]+') AS INTEGER)
        + COALESCE(TRY_CAST(REGEXP_EXTRACT(given.value, '[0-9]+$') AS INTEGER), 999) AS position,
        TRUE AS ever_given
    FROM supplied
    INNER JOIN given USING (city, attribute)
    WHERE supplied.own AND given.value <> 'unknown'
    UNION
    -- What a source never gave is neither a zero nor unknown of everybody.
    SELECT
        cities.city,
        fixed.attribute,
        'not_supplied' AS value,
        0 AS position,
        FALSE AS ever_given
    FROM cities
    CROSS JOIN fixed
    ANTI JOIN supplied USING (city, attribute)
),

shot_by_value AS (
    UNPIVOT shot ON age_band, sex, race_ethnicity INTO NAME attribute VALUE value
)

SELECT
    covered.city,
    spine.attribute,
    spine.value,
    -- A count that the city's sources do not hold is missing: `zeros` is null there.
    MIN(zeros.victims) + COUNT(shot_by_value.outcome) AS victims,
    MIN(zeros.fatal) + COUNT(*) FILTER (shot_by_value.outcome = 'fatal') AS fatal,
    MIN(zeros.nonfatal) + COUNT(*) FILTER (shot_by_value.outcome = 'nonfatal') AS nonfatal
FROM COVERED_CITIES($date_from, $date_until) AS covered
INNER JOIN cities USING (city)
INNER JOIN spine USING (city)
LEFT JOIN zeros
    ON
        covered.city = zeros.city
        AND spine.value <> 'not_supplied'
        AND (spine.ever_given OR covered.city NOT IN (SELECT shot.city FROM shot))
LEFT JOIN shot_by_value USING (city, attribute, value)
WHERE $city IS NULL OR covered.city = $city
GROUP BY covered.city, cities.position, spine.attribute, spine.value, spine.position
ORDER BY
    cities.position,
    CASE spine.attribute WHEN 'age_band' THEN 0 WHEN 'sex' THEN 1 ELSE 2 END,
    spine.position
