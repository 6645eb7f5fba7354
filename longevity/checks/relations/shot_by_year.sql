-- By city and year how many victims there are: shot dead, shot and wounded, with an unknown weapon,
--   in all.

SELECT
    victims.city, CAST(YEAR(CAST(occurred_at AS DATE)) AS INTEGER) AS in_year,
    COUNT(*) FILTER (weapon = 'firearm' AND outcome = 'fatal') AS dead,
    COUNT(*) FILTER (weapon = 'firearm' AND outcome = 'nonfatal') AS wounded,
    COUNT(*) FILTER (weapon = 'unknown') AS unknown,
    COUNT(*) AS victims
FROM victims INNER JOIN incidents ON incidents.incident_id = victims.incident_id
WHERE occurred_at IS NOT NULL
GROUP BY ALL
