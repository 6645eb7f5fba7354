-- How many members belong to more than one group, and so stand for each of them?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — the day it is told as of
-- Grain: city
-- Class: aggregate
-- Reads: groups, memberships
-- Protects: in_several of members
-- Numerator: in_several, members of more than one group on the day
-- Denominator: members, persons who are a member of any

WITH through AS (
    SELECT
        data_through.city,
        MIN(data_through.day) AS day
    FROM data_through
    WHERE data_through.extract IN ('groups', 'memberships')
    GROUP BY data_through.city
    -- A city that did not hand over all of this has no rows: nothing is known, not zero.
    HAVING COUNT(*) = 2
),

told AS (
    SELECT
        CAST(cities.city AS VARCHAR) AS city,
        cities.position,
        LEAST(CAST($as_of AS DATE), through.day) AS last_day
    FROM cities
    INNER JOIN through ON CAST(cities.city AS VARCHAR) = through.city
    WHERE $city IS NULL OR CAST(cities.city AS VARCHAR) = $city
),

belonging AS (
    SELECT
        told.city,
        members.person_id,
        COUNT(DISTINCT members.group_id) AS groups
    FROM told
    INNER JOIN members
        ON
            told.city = members.city
            AND told.last_day >= members.from_on
            AND told.last_day < members.until_on
    GROUP BY told.city, members.person_id
)

SELECT
    told.city,
    CAST(COUNT(belonging.person_id) AS BIGINT) AS members,
    CAST(COUNT(*) FILTER (WHERE belonging.groups > 1) AS BIGINT) AS in_several,
    told.last_day
FROM told
LEFT JOIN belonging ON told.city = belonging.city
GROUP BY told.city, told.position, told.last_day
ORDER BY told.position
