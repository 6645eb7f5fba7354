-- By extract, city and day how many events there are, and the day `ends` the city is said to be
--   complete through. Victims are dated by their incidents, endings by the day something ended.

WITH days AS (
    SELECT
        extract, field, city, day,
        -- Work is done in batches: many rows of one day are no steady pace.
        CASE WHEN extract = 'incidents' THEN COUNT(*) ELSE 1 END AS events
    FROM events GROUP BY extract, field, city, day
    UNION ALL
    SELECT 'victims', 'incident_id', incidents.city, CAST(occurred_at AS DATE) AS day, COUNT(*)
    FROM incidents SEMI JOIN victims ON victims.incident_id = incidents.incident_id GROUP BY ALL
    UNION ALL
    SELECT DISTINCT 'memberships', 'until_on', city, until_on, 1 FROM memberships
    UNION ALL
    SELECT DISTINCT 'people', 'delisted_on', city, delisted_on, 1 FROM people
    UNION ALL
    SELECT DISTINCT 'supervision_spells', 'until_on', city, until_on, 1 FROM supervision_spells
),
newest AS (
    SELECT 'memberships' AS extract, city, MAX(from_on) AS day FROM memberships GROUP BY city
    UNION ALL
    SELECT 'people', city, MAX(listed_on) FROM people GROUP BY city
    UNION ALL
    SELECT 'supervision_spells', city, MAX(from_on) FROM supervision_spells GROUP BY city
)
SELECT
    days.extract, days.field, days.city, days.day, days.events,
    COALESCE(declared.data_through, newest.day) AS ends
FROM days
LEFT JOIN declared ON declared.extract = days.extract AND declared.city = days.city
LEFT JOIN newest ON newest.extract = days.extract AND newest.city = days.city
WHERE days.day IS NOT NULL AND days.city IS NOT NULL
