-- How many members belong to more than one group, and so stand for each of them?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — the day it is told as of
-- Grain: city
-- Class: aggregate
-- Reads: groups, memberships
-- Protects: in_several, members
-- Numerator: in_several, members of more than one group on the day
-- Denominator: members, persons who are a member of any

WITH supplied AS (
    SELECT
        city,
        position,
        last_day
    FROM SUPPLIED_CITIES(['groups', 'memberships'], CAST($as_of AS DATE), $city)
),

belonging AS (
    SELECT
        supplied.city,
        members.person_id,
        COUNT(DISTINCT members.group_id) AS groups
    FROM supplied
    INNER JOIN members
        ON
            supplied.city = members.city
            AND supplied.last_day >= members.from_on
            AND supplied.last_day < members.until_on
    GROUP BY supplied.city, members.person_id
)

SELECT
    supplied.city,
    COUNT(belonging.person_id) AS members,
    COUNT(*) FILTER (WHERE belonging.groups > 1) AS in_several,
    supplied.last_day
FROM supplied
LEFT JOIN belonging ON supplied.city = belonging.city
GROUP BY supplied.city, supplied.position, supplied.last_day
ORDER BY supplied.position
