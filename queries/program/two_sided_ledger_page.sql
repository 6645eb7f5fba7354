-- Did each group with notice stop or shoot, and what did it get in return?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — nothing dated after this day is seen
--   months: integer(1..60) = 12 — how long without a violation counts as stopped
--   rows: integer(1..1000) = 50 — how many a page
--   page: integer(1..1000000) = 1 — which page
-- Grain: city, group_id
-- Class: named
-- Of: two_sided_ledger
-- Reads: incidents, incident_groups, groups, memberships, call_ins, invitations,
--   custom_notifications, enforcement_actions, services, people
-- Protects: none
-- Used by: Promises

SELECT
    all_two_sided_ledger.city,
    all_two_sided_ledger.group_id,
    all_two_sided_ledger.label,
    all_two_sided_ledger.notice_on,
    all_two_sided_ledger.how,
    all_two_sided_ledger.active_until,
    all_two_sided_ledger.last_violated_on,
    all_two_sided_ledger.stopped,
    all_two_sided_ledger.episodes,
    all_two_sided_ledger.response,
    all_two_sided_ledger.response_to,
    all_two_sided_ledger.first_action_on,
    all_two_sided_ledger.days,
    all_two_sided_ledger.broke_restraint,
    all_two_sided_ledger.last_broke_restraint_on,
    all_two_sided_ledger.members_known,
    all_two_sided_ledger.services_offered,
    all_two_sided_ledger.members_offered,
    CAST(COUNT(*) OVER () AS BIGINT) AS of_all
FROM all_two_sided_ledger
INNER JOIN cities ON all_two_sided_ledger.city = cities.city
QUALIFY
    CEIL(
        ROW_NUMBER() OVER (
            ORDER BY
                all_two_sided_ledger.stopped ASC,
                all_two_sided_ledger.last_violated_on DESC NULLS LAST,
                cities.position ASC,
                all_two_sided_ledger.group_id ASC
        ) / $rows
    ) = $page
ORDER BY
    cities.position ASC,
    all_two_sided_ledger.stopped ASC,
    all_two_sided_ledger.last_violated_on DESC NULLS LAST,
    all_two_sided_ledger.group_id ASC
