-- no row of {city} gives a {ended} between {begins} and {ends}; it never went more than {longest}
--   without one. Screens would tell {told} still.
-- Do: Ask for it. Set data_through of {of} to the last day it is known of.
-- On: any (a date)
-- Severity: error, acceptable
-- Of: real data
-- Reads: incidents, silences
-- Found: the same of the ends of memberships, places on the list and supervision: when one was last
--   given

SELECT
    extract, extract AS of, field, field AS ended, city, begins, ends,
    COUNT_NOUN(longest, 'day') AS longest,
    CASE extract
        WHEN 'memberships' THEN 'all others as members'
        WHEN 'people' THEN 'all others as on the list'
        ELSE 'all others as under supervision'
    END AS told
FROM silences
WHERE NOT backward AND extract IN ('memberships', 'people', 'supervision_spells')
