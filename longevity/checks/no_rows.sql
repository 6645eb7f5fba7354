-- the extract has no rows.
-- Do: {advice}

SELECT
    extract, IF(extract = 'incidents', 'error', 'warning') AS severity,
    IF(extract = 'incidents', 'Supply at least one.', 'Is that right?') AS advice
FROM files
WHERE rows = 0 AND required
