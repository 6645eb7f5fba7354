-- How many rows has each extract in each city, and through which day is it complete?
-- Parameters:
--   city: city = null — one city, or all of them
-- Grain: extract, city
-- Class: aggregate
-- Reads: none
-- Protects: rows

WITH counted AS (
    SELECT
        'incidents' AS extract,
        incidents.city,
        COUNT(*) AS rows
    FROM incidents
    GROUP BY incidents.city
    UNION ALL
    SELECT
        'victims' AS extract,
        victims.city,
        COUNT(*) AS rows
    FROM victims
    GROUP BY victims.city
    UNION ALL
    SELECT
        'incident_groups' AS extract,
        incident_groups.city,
        COUNT(*) AS rows
    FROM incident_groups
    GROUP BY incident_groups.city
    UNION ALL
    SELECT
        'groups' AS extract,
        groups.city,
        COUNT(*) AS rows
    FROM groups
    GROUP BY groups.city
    UNION ALL
    SELECT
        'people' AS extract,
        people.city,
        COUNT(*) AS rows
    FROM people
    GROUP BY people.city
    UNION ALL
    SELECT
        'memberships' AS extract,
        memberships.city,
        COUNT(*) AS rows
    FROM memberships
    GROUP BY memberships.city
    UNION ALL
    SELECT
        'supervision_spells' AS extract,
        supervision_spells.city,
        COUNT(*) AS rows
    FROM supervision_spells
    GROUP BY supervision_spells.city
    UNION ALL
    SELECT
        'call_ins' AS extract,
        call_ins.city,
        COUNT(*) AS rows
    FROM call_ins
    GROUP BY call_ins.city
    UNION ALL
    SELECT
        'invitations' AS extract,
        invitations.city,
        COUNT(*) AS rows
    FROM invitations
    GROUP BY invitations.city
    UNION ALL
    SELECT
        'custom_notifications' AS extract,
        custom_notifications.city,
        COUNT(*) AS rows
    FROM custom_notifications
    GROUP BY custom_notifications.city
    UNION ALL
    SELECT
        'enforcement_actions' AS extract,
        enforcement_actions.city,
        COUNT(*) AS rows
    FROM enforcement_actions
    GROUP BY enforcement_actions.city
    UNION ALL
    SELECT
        'releases_from_custody' AS extract,
        releases_from_custody.city,
        COUNT(*) AS rows
    FROM releases_from_custody
    GROUP BY releases_from_custody.city
    UNION ALL
    SELECT
        'supervision_contacts' AS extract,
        supervision_contacts.city,
        COUNT(*) AS rows
    FROM supervision_contacts
    GROUP BY supervision_contacts.city
    UNION ALL
    SELECT
        'services' AS extract,
        services.city,
        COUNT(*) AS rows
    FROM services
    GROUP BY services.city
    UNION ALL
    SELECT
        'community_events' AS extract,
        community_events.city,
        COUNT(*) AS rows
    FROM community_events
    GROUP BY community_events.city
    UNION ALL
    SELECT
        'community_requests' AS extract,
        community_requests.city,
        COUNT(*) AS rows
    FROM community_requests
    GROUP BY community_requests.city
    UNION ALL
    SELECT
        'shooting_reviews' AS extract,
        shooting_reviews.city,
        COUNT(*) AS rows
    FROM shooting_reviews
    GROUP BY shooting_reviews.city
    UNION ALL
    SELECT
        'budget' AS extract,
        budget.city,
        COUNT(*) AS rows
    FROM budget
    GROUP BY budget.city
)

SELECT
    sources.extract,
    cities.city,
    COALESCE(counted.rows, 0) AS rows,
    data_through.day AS data_through,
    data_through.derived,
    -- Of all cities, the same beside each, and for the state only: a row that was refused may
    -- say no city.
    sources.quarantined AS quarantined_of_all_cities
FROM sources
CROSS JOIN cities
LEFT JOIN counted
    ON sources.extract = counted.extract AND CAST(cities.city AS VARCHAR) = counted.city
LEFT JOIN data_through
    ON sources.extract = data_through.extract AND cities.city = data_through.city
WHERE sources.supplied AND ($city IS NULL OR cities.city = $city)
ORDER BY sources.position, cities.position
