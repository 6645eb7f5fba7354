-- the point is outside the area for which {crs} is made, so in no city of it.
-- Do: Are longitude and latitude exchanged, or not in degrees?
-- On: incidents.longitude (a coordinate)
-- Severity: warning

SELECT at_row, crs
FROM incidents CROSS JOIN area_of_use
WHERE
    HAS_POINT(longitude, latitude)
    AND NOT (longitude BETWEEN west AND east AND latitude BETWEEN south AND north)
