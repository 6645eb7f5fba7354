-- The extract {extract} was there before and is missing now.
-- Do: It is compared with the release {release}.
-- On: any (a file)
-- Severity: error, acceptable

SELECT extract FROM before_files
WHERE extract NOT IN (SELECT extract FROM after_files)
ORDER BY extract
