-- {extract} of {city} was complete through {day} and is only through {now} now.
-- Do: It is compared with the release {release}.
-- Severity: error, acceptable

SELECT
    extract, city AS id, cities.name AS city, CAST(old.data_through AS VARCHAR) AS day,
    CAST(new.data_through AS VARCHAR) AS now
FROM before_through AS old
INNER JOIN after_through AS new USING (extract, city)
INNER JOIN cities USING (city)
WHERE new.data_through < old.data_through
