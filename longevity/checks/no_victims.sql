-- none of {rows} incidents of {city} has a victim, so that no one can be counted there.
-- Do: Supply its victims.
-- On: victims.incident_id
-- Severity: error, acceptable
-- Reads: incidents
-- Thresholds: least = 5
-- Found: {least} incidents or more and not one victim; if that is accepted, a city without any is
--   shown as not counted

SELECT city, COUNT(*) AS rows
FROM incidents ANTI JOIN victims USING (city)
GROUP BY city
HAVING rows >= $least
