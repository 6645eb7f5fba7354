-- Which call-ins come next in each city, and which were the last?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — the day it is told as of
--   rows: integer(1..1000000) = 50 — how many of those ahead
--   last: integer(0..1000) = 4 — how many of those behind
-- Grain: city, call_in_id
-- Class: aggregate
-- Of: call_in_sessions
-- Reads: call_ins, invitations
-- Protects: invited, attended, absent, excused, attended_unknown, reachable, reachable_unknown,
--   in_custody, community_speakers, family_speakers, law_enforcement, service_providers
-- Numerator: attended
-- Denominator: invited

SELECT
    all_call_in_sessions.city,
    all_call_in_sessions.call_in_id,
    all_call_in_sessions.status,
    all_call_in_sessions.scheduled_for,
    all_call_in_sessions.held_on,
    all_call_in_sessions.community_speakers,
    all_call_in_sessions.family_speakers,
    all_call_in_sessions.law_enforcement,
    all_call_in_sessions.service_providers,
    all_call_in_sessions.cases_prepared,
    all_call_in_sessions.invited,
    all_call_in_sessions.reachable,
    all_call_in_sessions.reachable_unknown,
    all_call_in_sessions.in_custody,
    all_call_in_sessions.attended,
    all_call_in_sessions.absent,
    all_call_in_sessions.excused,
    all_call_in_sessions.attended_unknown,
    -- With a FILTER it would count every row for every row.
    COUNT(CASE WHEN all_call_in_sessions.status = 'scheduled' THEN 1 END) OVER (
        PARTITION BY all_call_in_sessions.city
    ) AS ahead_of_all
FROM all_call_in_sessions
INNER JOIN cities ON all_call_in_sessions.city = cities.city
QUALIFY
    CASE
        WHEN all_call_in_sessions.status = 'scheduled'
            THEN
                ROW_NUMBER() OVER (
                    PARTITION BY
                        all_call_in_sessions.city, all_call_in_sessions.status = 'scheduled'
                    ORDER BY
                        COALESCE(
                            all_call_in_sessions.held_on, all_call_in_sessions.scheduled_for
                        ) ASC,
                        all_call_in_sessions.call_in_id DESC
                ) <= $rows
        ELSE
            ROW_NUMBER() OVER (
                PARTITION BY
                    all_call_in_sessions.city, all_call_in_sessions.status = 'scheduled'
                ORDER BY
                    COALESCE(
                        all_call_in_sessions.held_on, all_call_in_sessions.scheduled_for
                    ) DESC NULLS LAST,
                    all_call_in_sessions.call_in_id ASC
            ) <= $last
    END
ORDER BY
    cities.position ASC,
    COALESCE(all_call_in_sessions.held_on, all_call_in_sessions.scheduled_for) DESC NULLS LAST,
    all_call_in_sessions.call_in_id ASC
