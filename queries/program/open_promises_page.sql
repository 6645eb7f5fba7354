-- Which promises are still to be kept, the oldest first?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — nothing dated after this day is seen
--   list: choice(open|unanswered) = 'open' — those within the window, or also those it has passed
--   rows: integer(1..1000) = 50 — how many a page
--   page: integer(1..1000000) = 1 — which page
-- Grain: city, group_id, violated_on
-- Class: named
-- Of: open_promises
-- Reads: incidents, incident_groups, groups, memberships, call_ins, invitations,
--   custom_notifications, enforcement_actions
-- Protects: none
-- Used by: Promises, Weekly review

WITH named AS (
    -- The code name of a group that holds the notice on that day; one that passed on has its code.
    SELECT
        held.group_id,
        ARG_MAX(groups.label, COALESCE(groups.audited_on, DATE '0001-01-01')) AS label
    FROM NOTICES_AS_OF(CAST($as_of AS DATE)) AS held
    INNER JOIN groups ON held.group_id = groups.group_id
    GROUP BY held.group_id
)

SELECT
    all_open_promises.city,
    all_open_promises.group_id,
    all_open_promises.notice_on,
    all_open_promises.violated_on,
    all_open_promises.days_unanswered,
    all_open_promises.window_ends_on,
    all_open_promises.days_left,
    all_open_promises.state,
    all_open_promises.members_known,
    all_open_promises.members_acted_on,
    all_open_promises.known_through,
    named.label,
    CAST(COUNT(*) OVER () AS BIGINT) AS of_all
FROM all_open_promises
INNER JOIN cities ON all_open_promises.city = cities.city
LEFT JOIN named ON all_open_promises.group_id = named.group_id
QUALIFY
    CEIL(
        ROW_NUMBER() OVER (
            ORDER BY
                all_open_promises.state = 'open' DESC,
                all_open_promises.violated_on ASC,
                cities.position ASC,
                all_open_promises.group_id ASC
        ) / $rows
    ) = $page
ORDER BY
    all_open_promises.violated_on ASC,
    cities.position ASC,
    all_open_promises.group_id ASC
