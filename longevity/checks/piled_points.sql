-- many rows lie on this one point, so it means the whole city; they are not placed in a
--   neighbourhood.
-- Do: Say location_precision = city, or give their own coordinates. If it is one place, let the
--   mapping name the column of its address.
-- On: incidents.longitude
-- Severity: warning
-- Reads: piles

SELECT at_row
FROM incidents
SEMI JOIN piles USING (city, longitude, latitude)
WHERE
    location_precision NOT IN ('city', 'neighbourhood')
    AND place_confirmed IS DISTINCT FROM TRUE
