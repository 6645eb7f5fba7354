-- Which share of the state's homicides happened in the program's cities, by one source?
-- Parameters:
--   year: integer(1900..2200) = null — one year, or every year for which one source gives both
-- Grain: year, source
-- Class: public_record
-- Reads: none
-- Protects: cities, state
-- Numerator: cities, homicides in the program's cities together
-- Denominator: state, homicides in the state, by the same source and definition

WITH published AS (
    SELECT
        counts.*,
        places.kind,
        places.city
    FROM published_counts AS counts
    INNER JOIN reference_places AS places USING (place)
    WHERE
        counts.metric = 'homicides'
        AND ($year IS NULL OR counts.year = $year)
),

together AS (
    SELECT
        published.year,
        published.source_url,
        published.definition,
        published.value
    FROM published
    WHERE published.kind = 'together'
    UNION
    -- A source that names every city but no total gives the total too; with one missing it does
    -- not.
    SELECT
        published.year,
        published.source_url,
        published.definition,
        SUM(published.value) AS value
    FROM published
    WHERE published.kind = 'city'
    GROUP BY ALL
    HAVING
        COUNT(DISTINCT published.city) = (SELECT COUNT(*) FROM cities)
        AND COUNT(*) = (SELECT COUNT(*) FROM cities)
)

SELECT
    together.year,
    together.value AS cities,
    state.value AS state,
    together.source_url AS source
FROM together
INNER JOIN published AS state USING (year, source_url, definition)
WHERE state.kind = 'state'
ORDER BY together.year, together.source_url, together.value
