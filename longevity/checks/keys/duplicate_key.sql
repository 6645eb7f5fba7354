-- the key ({keys}) was there in an earlier row.
-- Do: Keep one row for each; where two cities number alike, give codes that differ between them.

SELECT at_row
FROM $extract
WHERE $filled
QUALIFY ROW_NUMBER() OVER (PARTITION BY $key ORDER BY at_row) > 1
