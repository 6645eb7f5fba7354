-- What has been published about a place, by whom, and as what defined?
-- Parameters:
--   place: text = null — a place as the published facts name it, or all of them
--   metric: text = null — one kind of count, or all of them
--   year: integer(1900..2200) = null — one year, or all of them
-- Grain: place, metric, year, source_url
-- Order: place, metric, year, source_url, value
-- Class: public_record
-- Reads: none

SELECT
    published_counts.place,
    published_counts.year,
    published_counts.metric,
    published_counts.value,
    published_counts.definition,
    published_counts.source_url,
    published_counts.note
FROM published_counts
WHERE
    ($place IS NULL OR published_counts.place = $place)
    AND ($metric IS NULL OR published_counts.metric = $metric)
    AND ($year IS NULL OR published_counts.year = $year)
