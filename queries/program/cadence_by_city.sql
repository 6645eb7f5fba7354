-- How many days ago was the last call-in of each city, when is the next, and who spoke in a year?
-- Parameters: city, as_of
-- Grain: city
-- Class: aggregate
-- Order: position
-- Reads: call_ins
-- Protects: none
-- Numerator: community_speakers, family_speakers, law_enforcement, service_providers: call-ins at
--   which one spoke
-- Denominator: sessions_12_months

SELECT
    spans.city,
    COUNT(*) FILTER (WHERE call_ins.held_on <= spans.last_day) AS sessions,
    COUNT(recent.call_in_id) AS sessions_12_months,
    COUNT(*) FILTER (
        WHERE
        call_ins.held_on IS NULL
        AND call_ins.scheduled_for >= spans.first_day
        AND call_ins.scheduled_for <= spans.last_day
    ) AS not_held_12_months,
    MIN(call_ins.held_on) FILTER (WHERE call_ins.held_on <= spans.last_day) AS first_held_on,
    MAX(call_ins.held_on) FILTER (WHERE call_ins.held_on <= spans.last_day) AS last_held_on,
    spans.last_day - last_held_on AS days_since,
    MIN(call_ins.scheduled_for) FILTER (
        WHERE
        call_ins.scheduled_for > spans.last_day
        AND COALESCE(call_ins.held_on > spans.last_day, TRUE)
    ) AS next_scheduled_for,
    COUNT(*) FILTER (WHERE recent.community_speakers > 0) AS community_speakers,
    COUNT(recent.community_speakers) AS community_speakers_noted,
    COUNT(*) FILTER (WHERE recent.family_speakers > 0) AS family_speakers,
    COUNT(recent.family_speakers) AS family_speakers_noted,
    COUNT(*) FILTER (WHERE recent.law_enforcement > 0) AS law_enforcement,
    COUNT(recent.law_enforcement) AS law_enforcement_noted,
    COUNT(*) FILTER (WHERE recent.service_providers > 0) AS service_providers,
    COUNT(recent.service_providers) AS service_providers_noted,
    COUNT(recent.cases_prepared) AS cases_noted,
    COALESCE(SUM(recent.cases_prepared), 0) AS cases_prepared,
    spans.last_day
FROM SUPPLIED_SPANS(['call_ins'], $as_of, $city, NULL) AS spans
LEFT JOIN call_ins USING (city)
LEFT JOIN call_ins AS recent
    ON
        call_ins.city = recent.city
        AND call_ins.call_in_id = recent.call_in_id
        AND spans.first_day <= recent.held_on
        AND spans.last_day >= recent.held_on
GROUP BY spans.city, spans.last_day
