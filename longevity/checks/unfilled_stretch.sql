-- no row of {city} from {first} to {last}{more} {words}, and {said} of the {others} others: screens
--   would tell {told}.
-- Do: Ask for it. Where the file is silent from its first day or to its last, data_from or
--   data_through of {needed_for} says so: the rest is then not known.
-- On: any (a word)
-- Severity: error, acceptable
-- Of: real data
-- Reads: incidents, questions, stretches
-- Found: for half a year, or longer, no row gives what `never_filled` asks for, and of the other
--   rows of the city so many do that it is not by chance: the column, or the file beside it, is
--   silent since a day, or was for some years. So it sees group shootings in a row without a
--   suspect, and enforcement that falls on persons only

SELECT
    extract, field, city, words, needed_for, first, last, more, said, others, rows,
    FORMAT(would_tell, rows) AS told, IF(ENDS_WITH(field, '_on'), 'a date', 'a word') AS kind
FROM stretches
INNER JOIN questions USING (question)
WHERE way = 'silent'
