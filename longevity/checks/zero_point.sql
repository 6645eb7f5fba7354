-- the point is (0, 0); it is read as no coordinates.
-- Do: Leave both empty when the place is not known.
-- On: incidents.longitude (a coordinate)
-- Severity: warning

SELECT at_row
FROM incidents
WHERE longitude = 0 AND latitude = 0
