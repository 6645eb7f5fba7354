-- Draws: 5 of actions on one
-- All actions: the planned ones on groups (`planned_actions`), and others on single people, which
-- answer no promise and break none. The record of enforcement is two days behind.
SELECT 1000000 + unnest(range(greatest((drawn_to() - launch()) // 10, 0))) AS action_id;

WITH actions AS (
    SELECT *, 'group' AS scope FROM planned_actions
    UNION ALL BY NAME
    SELECT * EXCLUDE (nth), launch() + 10 * (nth + 1) AS acted_on, 'individual' AS scope FROM drawn
),
acted AS (
    SELECT
        *,
        member(u1, acted_on, group_id) AS person,
        pick(u2, map {
            'arrest': 0.42, 'state_charge': 0.2, 'federal_indictment': 0.1,
            'supervision_violation': 0.1, 'warrant': 0.1, 'search': 0.05, 'other': 0.03
        }) AS kind,
        acted_on + 40 + wait(u3, 160.0) AS disposed
    FROM actions
)
SELECT
    action_id,
    CASE WHEN scope = 'group' THEN acted.group_id WHEN u5 < 0.7 THEN people.group_id END
        AS group_id,
    person AS person_id,
    incident_id AS trigger_incident_id,
    acted_on,
    kind,
    CASE kind
        WHEN 'state_charge' THEN 'state''s attorney'
        WHEN 'federal_indictment' THEN 'United States attorney'
        WHEN 'supervision_violation' THEN 'probation'
        ELSE 'police'
    END AS agency,
    scope,
    CASE WHEN disposed + 2 <= as_of() THEN disposed END AS disposed_on,
    CASE
        WHEN disposed + 2 > as_of() THEN 'pending'
        ELSE pick(u4, map {
            'convicted': 0.52, 'acquitted': 0.03, 'unknown': 0.07, 'dismissed': 0.16, 'nolle': 0.22
        })
    END AS disposition,
    CASE WHEN scope = 'group' THEN filed WHEN person IS NOT NULL THEN acted_on + 2 END AS on_file
FROM acted
LEFT JOIN people ON people.person_id = person
LEFT JOIN incidents USING (position)
ORDER BY action_id
