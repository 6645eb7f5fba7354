-- How many members are expected home from custody, and who comes first?
-- Grain: city
-- Class: aggregate
-- Of: coming_home
-- Protects: expected, overdue

SELECT
    exits.city,
    COUNT(DISTINCT exits.person_id) FILTER (exits.status = 'expected') AS expected,
    COUNT(DISTINCT exits.person_id) FILTER (exits.status = 'overdue') AS overdue,
    MIN(exits.expected_on) FILTER (exits.status = 'expected') AS first_expected_on
FROM all_coming_home AS exits
GROUP BY exits.city
