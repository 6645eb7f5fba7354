-- the value is not an age band; a single age is none.
-- Do: {examples}
-- On: any (text that is not an age band)
-- For: band
-- Severity: error

SELECT at_row
FROM given
WHERE $value <> 'unknown' AND NOT (
    REGEXP_FULL_MATCH($value, $band)
    AND TRY_CAST(REGEXP_EXTRACT($value, '^[0-9]+') AS INTEGER)
    <= COALESCE(TRY_CAST(REGEXP_EXTRACT($value, '[0-9]+$') AS INTEGER), $oldest)
    AND GREATEST(
        TRY_CAST(REGEXP_EXTRACT($value, '^[0-9]+') AS INTEGER),
        TRY_CAST(REGEXP_EXTRACT($value, '[0-9]+$') AS INTEGER)
    ) <= $oldest
)
