-- {rows} rows of {city}{during} are there {often}, alike in everything but the key.
-- Do: Was the file, or a part of it, pasted or imported twice? Take the copies out.
-- Severity: error, acceptable
-- Reads: incidents, copies
-- Found: nearly all rows of incidents, of victims within their incident, or of the program's work
--   (as under `ends_early`) are there twice (or three times), alike in all but the key: of the
--   file, or of thirty different ones that follow one another by day

SELECT
    extract, files.key AS field, city, there AS rows,
    IF(times = 2, 'twice', 'three times') AS often,
    COALESCE(' in ' || ARRAY_TO_STRING(years, ', '), '') AS during,
    LIST_TRANSFORM(years, LAMBDA y: [MAKE_DATE(y, 1, 1), MAKE_DATE(y, 12, 31)]) AS days
FROM copies INNER JOIN files USING (extract)
WHERE
    NOT (
        extract = 'victims'
        AND city IN (SELECT other.city FROM copies AS other WHERE other.extract = 'incidents')
    )
