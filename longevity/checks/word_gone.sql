-- from {first} to {last} no victim of {rows} incidents of {city} has a word of {field} that those
--   of {share} have at other times.
-- Do: Did the source change its words, so that they are read as unknown? Map the new ones. If it
--   tells no more, nobody of these days is counted under that word.
-- Severity: error, acceptable
-- Reads: incidents
-- Thresholds: least_days = 60, expected = 20
-- Found: a sex, a race or ethnicity or an age band is there, and for {least_days} days or more in
--   no incident, where by its share {expected} or more would have it

WITH shot AS (
    SELECT
        city, incident_id, CAST(occurred_at AS DATE) AS day, COUNT(*) OVER whole AS incidents,
        MAX(day) OVER whole AS newest, ROW_NUMBER() OVER (whole ORDER BY occurred_at) AS place
    FROM incidents SEMI JOIN victims USING (incident_id)
    WHERE occurred_at IS NOT NULL
    WINDOW whole AS (PARTITION BY city)
),
words AS (
    SELECT DISTINCT
        shot.*, UNNEST(['sex', 'race_ethnicity', 'age_band']) AS field,
        UNNEST([sex, race_ethnicity, age_band]) AS word
    FROM shot INNER JOIN victims USING (incident_id)
),
gaps AS (
    SELECT
        field, city, day + 1 AS first, COALESCE(LEAD(day) OVER line - 1, newest) AS last,
        COALESCE(LEAD(place) OVER line, incidents + 1) - place - 1 AS gap,
        COUNT(*) OVER (PARTITION BY city, field, word) / (incidents - gap) AS share
    FROM words
    WHERE word <> 'unknown'
    WINDOW line AS (PARTITION BY city, field, word ORDER BY place)
)
SELECT
    'victims' AS extract, field, city, first, last, MAX(gap) AS rows,
    PRINTF('%.0f%%', MAX(100 * share)) AS share, LIST([first, last]) AS days
FROM gaps
WHERE last - first >= $least_days AND gap * share >= $expected
GROUP BY ALL
