-- comparisons of the cities run through {day}, because {who} {goes} no further{derived}. Later, and
--   in no such comparison: {later}.
-- Do: If {who} {are} complete through a later day, say so under [data_through] in extracts.toml. A
--   city asked for alone goes to its own day.
-- On: incidents
-- Severity: warning

-- A source that ended is in no such comparison.
WITH least AS (
    SELECT MIN(through) AS day
    FROM ends
    INNER JOIN cities ON ends.city = cities.city AND cities.ended_on IS NULL
    HAVING MIN(through) < MAX(through)
),
last AS (
    SELECT
        STRING_AGG(name, ' and ' ORDER BY cities.rowid) AS who, BOOL_AND(derived) AS derived,
        COUNT(*) > 1 AS are_several
    FROM ends
    INNER JOIN least ON ends.through = least.day
    INNER JOIN cities USING (city)
),
later AS (
    -- Of those shot what the city's sources hold.
    SELECT
        city, COUNT(*) FILTER (located.day > least.day) AS incidents,
        COALESCE(
            SUM(COALESCE(victims, fatal, nonfatal)) FILTER (located.day > least.day), 0
        ) AS hurt,
        BOOL_AND(located.day > least.day) AS is_all
    FROM located CROSS JOIN least
    WHERE COALESCE(victims, fatal, nonfatal) > 0
    GROUP BY city
    HAVING incidents > 0
)
SELECT
    least.day, last.who, IF(are_several, 'go', 'goes') AS goes, IF(are_several, 'are', 'is') AS are,
    IF(last.derived, ' (derived from the newest event)', '') AS derived,
    STRING_AGG(
        name || ', ' || COUNT_NOUN(CAST(hurt AS BIGINT), 'victim') || ' in '
        || COUNT_NOUN(incidents, 'incident') || IF(is_all, ', all it has', ''),
        '; ' ORDER BY cities.rowid
    ) AS later,
    CAST(SUM(incidents) AS BIGINT) AS rows
FROM later INNER JOIN cities USING (city)
CROSS JOIN least
CROSS JOIN last
GROUP BY ALL
