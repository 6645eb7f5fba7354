-- in {city} no one was {were} by a firearm from {first} to {last}, {gap} days in which {rows}
--   others were shot.
-- Do: If the source holds no one who was {were}, say so: holds under [victims] of the mapping, or
--   {code} under [holds.outcomes] in extracts.toml. If it does, ask for the rest, or say data_from
--   or data_through.
-- On: victims.outcome
-- Severity: error, acceptable
-- Reads: incidents
-- Thresholds: least_days = 60, mean_gaps = 12, second = 2, least_such = 5, expected = 4,
--   least_killed = 2, least_wounded = 50
-- Found: no one killed, or no one wounded, by a firearm in the whole file or for {least_days} days
--   or more, if that is over {mean_gaps} times the usual time between two and {second} times any
--   other: a list of the killed or of the wounded lacks a part. By chance, fewer than 5 in 100
--   made-up cities had such a time

WITH days AS (
    SELECT incidents.city, CAST(occurred_at AS DATE) AS day, outcome
    FROM incidents
    LEFT JOIN victims ON incidents.incident_id = victims.incident_id AND weapon = 'firearm'
),
spans AS (
    SELECT
        days.city, COALESCE(MAX(data_from), MIN(day) FILTER (outcome IS NOT NULL)) AS since,
        COALESCE(MIN(data_through), MAX(day)) AS through
    FROM days
    LEFT JOIN declared ON days.city = declared.city AND extract IN ('incidents', 'victims')
    GROUP BY days.city
),
words AS (SELECT UNNEST(['fatal', 'nonfatal']) AS word),
listed AS (
    SELECT
        days.city, word, COUNT(*) AS shot, COUNT(*) FILTER (outcome = word) AS such, LIST_DISTINCT(
            COALESCE(LIST(day) FILTER (outcome = word), []) || [since - 1, through + 1]
        ) AS edges
    FROM days INNER JOIN spans USING (city)
    CROSS JOIN words
    ANTI JOIN holds
        ON holds.city = days.city AND key = 'outcomes' AND NOT LIST_CONTAINS(held, words.word)
    WHERE outcome IS NOT NULL AND day BETWEEN since AND through
    GROUP BY days.city, since, through, word
),
gaps AS (
    SELECT
        city, word, shot, such, before + 1 AS first, LEAD(before) OVER line - 1 AS last,
        last - before AS gap
    FROM (SELECT * EXCLUDE (edges), UNNEST(edges) AS before FROM listed) AS found
    WINDOW line AS (PARTITION BY city, word ORDER BY before)
),
longest AS (
    SELECT
        city, word, shot, such, MAX(gap) AS gap, COALESCE(MAX(gap, 2)[2], 0) AS next,
        ARG_MAX(first, gap) AS first, ARG_MAX(last, gap) AS last,
        (SUM(gap) - MAX(gap) + such) / NULLIF(such, 0) AS usual
    FROM gaps
    GROUP BY city, word, shot, such
)
SELECT
    city, city AS code, IF(word = 'fatal', 'killed', 'wounded') AS were, gap, first, last,
    COUNT(*) AS rows
FROM longest INNER JOIN days USING (city)
WHERE outcome IS NOT NULL AND day BETWEEN first AND last
GROUP BY ALL
HAVING
    -- Of the wounded there are several times as many.
    ANY_VALUE(such) = 0 AND rows >= IF(were = 'killed', $least_wounded, $least_killed)
    OR ANY_VALUE(such) >= $least_such AND gap >= $least_days
    AND gap > $second * ANY_VALUE(next) AND gap > $mean_gaps * ANY_VALUE(usual)
    -- Of so many others so many are usual.
    AND rows * ANY_VALUE(such) >= $expected * (ANY_VALUE(shot) - ANY_VALUE(such))
