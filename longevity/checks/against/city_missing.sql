-- {extract} had rows of {named} and has none now.
-- Do: It is compared with the release {release}.
-- On: any (a file)
-- Severity: error, acceptable

SELECT extract, LIST(cities.name ORDER BY cities.name) AS named
FROM before_supplied
INNER JOIN cities USING (city)
ANTI JOIN after_supplied USING (extract, city)
GROUP BY extract
