-- {rows} rows sent were refused when it was imported, and {taken} rows are here: what is counted
--   may be a part.
-- Do: Read the reasons in quarantine/ next to it, put the mapping or the file right, and import
--   again. Where numbers begin anew each year, join the two: incident_id = { from = ["year",
--   "number"] }.
-- Severity: error, acceptable
-- Thresholds: least = 5, share = 0.005
-- Found: `import` refused {least} rows or more that are one in two hundred, or more, of those sent

SELECT extract, refused AS rows, files.rows AS taken
FROM quarantined INNER JOIN files USING (extract)
WHERE refused >= GREATEST($least, $share * (refused + files.rows))
