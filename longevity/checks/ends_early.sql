-- the newest {noun} of {city} is of {begins}, {since} days before the day it is said to be complete
--   through, {ends}; it never went more than {longest} without one.
-- Do: Was the file cut off, or is it old? Ask for the rest, or set data_through to the last day it
--   holds.
-- On: any (a date)
-- Severity: error, acceptable
-- Of: real data
-- Reads: incidents, silences
-- Found: the newest incident, the newest incident with a victim, or the newest row of enforcement,
--   custom notifications, weekly reviews, services, supervision contacts, call-ins held, people who
--   came home, or the community's requests and events lies long before `data_through`: what comes
--   after would be told as not done

SELECT
    extract,
    field,
    city,
    begins,
    ends,
    silences.days AS since,
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
