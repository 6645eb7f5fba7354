-- Draws: 8 of victims
-- Every victim; who dies later is nonfatal until the death is on file. Of those shot exactly the
-- planned homicides of each year die, and one in four of the uncounted.
SELECT
    position, incident_id, day, what, is_counted, on_file AS entered_on,
    unnest(range(people)) AS number
FROM incidents
ORDER BY position, number;

WITH dying AS (
    SELECT
        drawn.*,
        what <> 'no_firearm' AS is_shot,
        CASE
            WHEN is_counted
                THEN
                    homicides - count(*) FILTER (what = 'no_firearm')
                        OVER (PARTITION BY year_of(day))
                    >= row_number() OVER (PARTITION BY year_of(day), is_counted ORDER BY u1)
            ELSE what = 'no_firearm' OR (what = 'uncounted' AND u1 < 0.25)
        END AS dies
    FROM drawn
    INNER JOIN planned_homicides ON year = year_of(day)
),
learned AS (
    SELECT
        *,
        day + CASE WHEN is_shot AND u2 < 0.3 THEN least(1 + wait(u3, 8.0), 60) ELSE 0 END AS died,
        -- Some are first entered as wounded.
        greatest(
            died, CASE WHEN is_shot AND u5 < 0.35 THEN entered_on + 1 + wait(u4, 6.0) END
        ) AS learned_on,
        dies AND learned_on <= as_of() AS is_dead
    FROM dying
)
SELECT
    10 * incident_id + number AS victim_id,
    incident_id,
    CASE WHEN is_dead THEN 'fatal' ELSE 'nonfatal' END AS outcome,
    CASE
        WHEN is_shot THEN 'firearm'
        ELSE pick(u5, map { 'knife': 0.62, 'blunt': 0.14, 'other': 0.13, 'unknown': 0.11 })
    END AS weapon,
    CASE WHEN is_dead AND NOT (died = day AND u2 > 0.97) THEN died END AS died_on,
    pick(u6, map {
        '0-14': 0.015, '15-17': 0.07, '18-24': 0.33, '25-29': 0.20, '30-34': 0.13, '35-44': 0.13,
        '45-54': 0.06, '55+': 0.03, 'unknown': 0.035
    }) AS age_band,
    pick(u7, map { 'female': 0.11, 'male': 0.86, 'other': 0.005, 'unknown': 0.025 }) AS sex,
    pick(u8, tilt(map {
        'black': 0.62, 'hispanic': 0.24, 'white': 0.08, 'asian': 0.005, 'american_indian': 0.002,
        'other': 0.01, 'unknown': 0.043
    })) AS race_ethnicity,
    -- A further victim is found later than the first.
    entered_on + CASE WHEN number > 0 AND u4 < 0.2 THEN 2 + wait(u5, 9.0) ELSE 0 END AS on_file
FROM learned
ORDER BY position, number
