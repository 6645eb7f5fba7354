-- {extract} had rows of {city} and has none now.
-- Do: It is compared with the release {release}.
-- On: any (a file)
-- Severity: error, acceptable

SELECT extract, cities.name AS city
FROM before_supplied AS old
INNER JOIN cities USING (city)
WHERE
    extract IN (SELECT extract FROM after_files)
    AND NOT EXISTS (
        SELECT 1 FROM after_supplied AS new
        WHERE new.extract = old.extract AND new.city = old.city
    )
ORDER BY extract, city
