-- Who spoke at the call-ins of the last twelve months, and how many cases were prepared?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — the day it is told as of
-- Grain: city
-- Class: aggregate
-- Of: call_in_sessions
-- Order: position
-- Reads: call_ins, invitations
-- Protects: none
-- Numerator: community, family, law_enforcement and service_providers, sessions at which one spoke
-- Denominator: sessions, those held in the twelve months

SELECT
    sessions.city,
    COUNT(*) AS sessions,
    COUNT(*) FILTER (WHERE sessions.community_speakers > 0) AS community_speakers,
    COUNT(*) FILTER (WHERE sessions.community_speakers IS NULL) AS community_speakers_unknown,
    COUNT(*) FILTER (WHERE sessions.family_speakers > 0) AS family_speakers,
    COUNT(*) FILTER (WHERE sessions.family_speakers IS NULL) AS family_speakers_unknown,
    COUNT(*) FILTER (WHERE sessions.law_enforcement > 0) AS law_enforcement,
    COUNT(*) FILTER (WHERE sessions.law_enforcement IS NULL) AS law_enforcement_unknown,
    COUNT(*) FILTER (WHERE sessions.service_providers > 0) AS service_providers,
    COUNT(*) FILTER (WHERE sessions.service_providers IS NULL) AS service_providers_unknown,
    COUNT(sessions.cases_prepared) AS cases_noted,
    COALESCE(SUM(sessions.cases_prepared), 0) AS cases_prepared
FROM all_call_in_sessions AS sessions
INNER JOIN SUPPLIED_SPANS(['call_ins'], $as_of, $city, NULL) AS spans USING (city)
WHERE sessions.status = 'held' AND sessions.held_on >= spans.first_day
GROUP BY sessions.city
