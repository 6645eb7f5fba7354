-- How often was a group that has notice and did not shoot met with enforcement all the same?
-- Grain: city
-- Class: aggregate
-- Of: restraint_actions
-- Share: broke_restraint, actions that answer no episode, on groups without a shooting in the
--   window before, of actions: group-scope, on groups with notice, without the unjudged

SELECT
    cities.city,
    COUNT(*) FILTER (actions.broke_restraint) AS broke_restraint,
    COUNT(actions.broke_restraint) AS actions,
    COUNT(actions.city) - COUNT(actions.broke_restraint) AS unjudged,
    COUNT_UNNAMED_ACTIONS(cities.city, NULL, $as_of) AS group_unknown
FROM cities
LEFT JOIN all_restraint_actions AS actions USING (city)
-- What is not known has no row, not zero.
WHERE EPISODES_ARE_KNOWN(cities.city) AND HAS_SUPPLIED(cities.city, 'enforcement_actions')
GROUP BY cities.city
