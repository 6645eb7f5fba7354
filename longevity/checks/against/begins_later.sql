-- {extract} of {city} began on {began} and begins on {begins} now.
-- Do: It is compared with the release {release}.
-- Severity: error, acceptable

SELECT
    extract, city AS id, cities.name AS city, CAST(old.first AS VARCHAR) AS began,
    COALESCE(CAST(new.first AS VARCHAR), 'nowhere') AS begins
FROM before_supplied AS old
INNER JOIN after_supplied AS new USING (extract, city)
INNER JOIN cities USING (city)
-- Rows with a person's or group's code may be destroyed by duty, the oldest first.
WHERE NOT old.named AND COALESCE(new.first, DATE '9999-12-31') > old.first
