-- Draws: 5 of actions
-- All actions: the planned ones on groups (`planned_actions`), and others on single people, which
-- answer no promise and break none. The record of enforcement is two days behind.
SELECT number, action_id, group_id, acted_on, filed, position FROM planned_actions
UNION ALL
SELECT 1000000 + t.number, 1000000 + t.number, NULL, launch() + 10 * (t.number + 1), NULL, NULL
FROM range(greatest((drawn_to() - launch()) // 10, 0)) AS t (number)
ORDER BY number;

WITH acted AS (
    SELECT
        *,
        CASE WHEN group_id IS NULL THEN 'individual' ELSE 'group' END AS scope,
        member(u1, acted_on, group_id) AS person,
        pick(u2, map {
            'arrest': 0.42, 'state_charge': 0.2, 'federal_indictment': 0.1,
            'supervision_violation': 0.1, 'warrant': 0.1, 'search': 0.05, 'other': 0.03
        }) AS kind,
        acted_on + 40 + wait(u3, 160.0) AS disposed
    FROM drawn
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
ORDER BY acted.nth
