-- days of {named} are declared, and no {named}.parquet can be read.
-- Do: Hand it over, or take the line out.
-- On: extracts.toml
-- Severity: warning
-- Found: days of an extract are declared, and no file of it can be read

SELECT DISTINCT declared.extract AS named
FROM declared ANTI JOIN files USING (extract)
