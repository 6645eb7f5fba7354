-- the newest {noun} of {city} is of {begins}, {since} days before {ends}, the last day stated of
--   its file or else of the city's counts; it never went more than {longest} without one.
-- Do: Was the file cut off, or is it old? Ask for the rest, or set data_through to the last day it
--   holds.
-- Severity: error, acceptable
-- Reads: incidents, silences
-- Found: the newest incident, incident with a victim, or row of the program's work (enforcement,
--   custom notifications, weekly reviews, services, supervision contacts, call-ins held, people who
--   came home, the community's requests and events) lies long before `data_through`, or that of
--   incidents where none is declared, so the days after it would count as nothing happened

SELECT
    extract, field, city, begins, ends, silences.days AS since,
    COUNT_NOUN(longest, 'day') AS longest,
    IF(extract = 'victims', 'victim', 'row') AS noun, [[begins, ends]] AS days
FROM silences
WHERE
    NOT backward AND later = 0
    -- Where incidents end early, so do their victims.
    AND NOT (
        extract = 'victims'
        AND city IN (
            SELECT other.city FROM silences AS other
            WHERE other.extract = 'incidents' AND NOT other.backward
        )
    )
