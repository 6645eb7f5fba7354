-- {extract} had rows of {city} and has none now.
-- Do: It is compared with the release {release}.
-- Severity: error, acceptable

SELECT DISTINCT extract, city AS id, cities.name AS city
FROM before_supplied
INNER JOIN cities USING (city)
ANTI JOIN after_supplied USING (extract, city)
