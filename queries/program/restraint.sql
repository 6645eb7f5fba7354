-- How often was a group that has notice and did not shoot met with enforcement all the same?
-- Grain: city
-- Class: aggregate
-- Of: restraint_actions
-- Order: position
-- Protects: none
-- Numerator: broke_restraint, group-scope actions that answer no episode, on groups with notice
--   and no violation in the window before
-- Denominator: actions, group-scope actions on groups with notice, without those nobody can judge

WITH no_group AS (
    -- An action on a group that does not say on which cannot be judged.
    SELECT
        enforcement_actions.city,
        COUNT(*) AS actions
    FROM enforcement_actions
    WHERE
        enforcement_actions.scope = 'group'
        AND enforcement_actions.group_id IS NULL
        AND enforcement_actions.acted_on <= $as_of
    GROUP BY enforcement_actions.city
)

SELECT
    cities.city,
    COUNT(*) FILTER (WHERE actions.broke_restraint) AS broke_restraint,
    COUNT(actions.broke_restraint) AS actions,
    COUNT(actions.answers_violation_on) FILTER (WHERE actions.broke_restraint IS NOT NULL)
        AS answering,
    COUNT(actions.city) - COUNT(actions.broke_restraint) AS unjudged,
    COUNT(*) FILTER (WHERE actions.dated_before_trigger) AS dated_before_trigger,
    COALESCE(MAX(no_group.actions), 0) AS group_unknown
FROM cities
LEFT JOIN all_restraint_actions AS actions ON cities.city = actions.city
LEFT JOIN no_group ON cities.city = no_group.city
WHERE
    -- Where nobody can tell, no rows, not zero.
    EPISODES_ARE_KNOWN(cities.city)
    AND HAS_SUPPLIED(cities.city, 'enforcement_actions')
    AND ($city IS NULL OR cities.city = $city)
GROUP BY cities.city
