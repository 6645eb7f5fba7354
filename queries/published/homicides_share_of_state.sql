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
        counts.year,
        counts.value,
        counts.source_url,
        counts.definition,
        places.kind,
        places.city
    FROM published_counts AS counts
    INNER JOIN reference_places AS places ON counts.place = places.place
    WHERE
        counts.metric = 'homicides'
        AND ($year IS NULL OR counts.year = $year)
),

-- A source that names every city but no total gives the total too; with one missing it does not.
summed AS (
    SELECT
        published.year,
        published.source_url,
        published.definition,
        SUM(published.value) AS value
    FROM published
    WHERE published.kind = 'city'
    GROUP BY published.year, published.source_url, published.definition
    HAVING
        COUNT(DISTINCT published.city) = (SELECT COUNT(*) FROM cities)
        AND COUNT(*) = (SELECT COUNT(*) FROM cities)
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
    SELECT
        summed.year,
        summed.source_url,
        summed.definition,
        summed.value
    FROM summed
)

SELECT
    together.year,
    together.value AS cities,
    state.value AS state,
    together.source_url AS source
FROM together
INNER JOIN published AS state
    ON
        together.year = state.year
        AND together.source_url = state.source_url
        AND together.definition = state.definition
        AND state.kind = 'state'
ORDER BY together.year, together.source_url, together.value
