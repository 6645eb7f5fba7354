-- Of {held} {extract} of {city} that were known before, {changed} ({share}) {what} now; less than
--   {most} is expected.
-- Do: It is compared with the release {release}.
-- Severity: error, acceptable
-- Thresholds: changed = 0.1, least = 5
-- Why: so many are not revised one by one: a column is read otherwise, or every point was moved.

WITH
-- Where only the boundaries are others, or how points are read, the data are not at fault.
moved AS (
    SELECT
        city, COUNT(*) AS held,
        COUNT(*) FILTER (
            old.area IS DISTINCT FROM new.area AND old.place IS DISTINCT FROM new.place
        ) AS changed
    FROM before_places AS old
    INNER JOIN after_places AS new USING (incident_id, city)
    WHERE old.area IS NOT NULL
    GROUP BY city
),
-- Where a source gives no code, the victims of an incident are numbered in the order of its rows:
-- within one, only how many there are of each word counts.
words AS (
    SELECT
        city, old.incident_id,
        UNNEST(['sex', 'sex', 'outcome', 'outcome']) AS field,
        UNNEST(['old', 'new', 'old', 'new']) AS side,
        UNNEST([old.sex, new.sex, old.outcome, new.outcome]) AS word
    FROM before_victim_rows AS old
    INNER JOIN after_victim_rows AS new USING (victim_id, city)
),
counted AS (
    SELECT
        city, incident_id, field, word, COUNT(*) FILTER (side = 'old') AS held,
        COUNT(*) FILTER (side = 'new') AS there
    FROM words
    WHERE word <> 'unknown'
    GROUP BY ALL
),
compared AS (
    SELECT
        'incidents' AS extract, 'neighbourhood' AS field, 'lie in another area or in none' AS what,
        city, held, changed
    FROM moved
    UNION ALL
    SELECT
        'victims', field, IF(field = 'sex', 'are of another sex', 'have another outcome'), city,
        SUM(held), SUM(GREATEST(held - there, 0))
    FROM counted
    GROUP BY field, city
)
SELECT
    extract, field, what, city AS id, cities.name AS city, CAST(held AS BIGINT) AS held,
    CAST(changed AS BIGINT) AS changed, PRINTF('%.0f%%', 100.0 * changed / held) AS share,
    PRINTF('%.0f%%', 100.0 * $changed) AS most
FROM compared
INNER JOIN cities USING (city)
WHERE changed >= GREATEST($least, $changed * held)
