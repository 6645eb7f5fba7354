-- only one of longitude and latitude is there.
-- Do: Give both, or neither.
-- On: incidents.longitude (half a coordinate)

SELECT at_row
FROM incidents
WHERE (longitude IS NULL) <> (latitude IS NULL)
