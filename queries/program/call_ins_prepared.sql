-- Who spoke at the call-ins of the last twelve months, and how many cases were prepared?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — the day it is told as of
-- Grain: city
-- Class: aggregate
-- Of: call_in_sessions
-- Reads: call_ins, invitations
-- Protects: none
-- Numerator: community, family, law_enforcement and service_providers, sessions at which one spoke
-- Denominator: sessions, those held in the twelve months

WITH through AS (
    SELECT
        data_through.city,
        MIN(data_through.day) AS day
    FROM data_through
    WHERE data_through.extract IN ('call_ins')
    GROUP BY data_through.city
),

recent AS (
    SELECT
        all_call_in_sessions.city,
        all_call_in_sessions.community_speakers,
        all_call_in_sessions.family_speakers,
        all_call_in_sessions.law_enforcement,
        all_call_in_sessions.service_providers,
        all_call_in_sessions.cases_prepared
    FROM all_call_in_sessions
    INNER JOIN through ON all_call_in_sessions.city = through.city
    WHERE
        all_call_in_sessions.status = 'held'
        AND all_call_in_sessions.held_on
        > CAST(LEAST(CAST($as_of AS DATE), through.day) - INTERVAL 1 YEAR AS DATE)
)

SELECT
    cities.city,
    COUNT(*) AS sessions,
    COUNT(*) FILTER (WHERE recent.community_speakers > 0) AS community_speakers,
    COUNT(*) FILTER (WHERE recent.community_speakers IS NULL)
        AS community_speakers_unknown,
    COUNT(*) FILTER (WHERE recent.family_speakers > 0) AS family_speakers,
    COUNT(*) FILTER (WHERE recent.family_speakers IS NULL)
        AS family_speakers_unknown,
    COUNT(*) FILTER (WHERE recent.law_enforcement > 0) AS law_enforcement,
    COUNT(*) FILTER (WHERE recent.law_enforcement IS NULL)
        AS law_enforcement_unknown,
    COUNT(*) FILTER (WHERE recent.service_providers > 0) AS service_providers,
    COUNT(*) FILTER (WHERE recent.service_providers IS NULL)
        AS service_providers_unknown,
    COUNT(recent.cases_prepared) AS cases_noted,
    COALESCE(SUM(recent.cases_prepared), 0) AS cases_prepared
FROM recent
INNER JOIN cities ON recent.city = CAST(cities.city AS VARCHAR)
GROUP BY cities.city, cities.position
ORDER BY cities.position
