-- By extract, city and day how many events there are, and the day `ends` the city is said to be
--   complete through, else that of its incidents. Victims are dated by their incidents.

WITH days AS (
    SELECT
        extract, field, city, day,
        -- Work is done in batches: many rows of one day are no steady pace.
        CASE WHEN extract = 'incidents' THEN COUNT(*) ELSE 1 END AS events
    FROM events GROUP BY extract, field, city, day
    UNION ALL
    SELECT 'victims', 'incident_id', incidents.city, CAST(occurred_at AS DATE) AS day, COUNT(*)
    FROM incidents SEMI JOIN victims ON victims.incident_id = incidents.incident_id GROUP BY ALL
)
SELECT
    extract, field, city, day, events,
    COALESCE(
        data_through,
        MAX(COALESCE(data_through, day)) FILTER (extract = 'incidents') OVER (PARTITION BY city)
    ) AS ends
FROM days LEFT JOIN declared USING (extract, city)
WHERE day IS NOT NULL AND city IS NOT NULL
