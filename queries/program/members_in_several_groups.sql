-- How many members belong to more than one group, and so stand for each of them?
-- Parameters: city, as_of
-- Grain: city
-- Class: aggregate
-- Order: position
-- Reads: groups, memberships
-- Protects: in_several, members
-- Numerator: in_several, members of more than one group on the day
-- Denominator: members, persons who are a member of any

WITH supplied AS (
    FROM SUPPLIED_CITIES(['groups', 'memberships'], $as_of, $city)
),

belonging AS (
    SELECT
        supplied.city,
        members.person_id,
        COUNT(DISTINCT members.group_id) AS groups
    FROM supplied
    INNER JOIN MEMBERS_AS_OF(supplied.last_day) AS members USING (city)
    GROUP BY ALL
)

SELECT
    supplied.city,
    COUNT(belonging.person_id) AS members,
    COUNT(*) FILTER (WHERE belonging.groups > 1) AS in_several,
    supplied.last_day
FROM supplied
LEFT JOIN belonging USING (city)
GROUP BY ALL
