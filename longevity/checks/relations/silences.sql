-- Days without an event, longer than a city ever had, in its last days or (`backward`) its first:
--   after `begins`, before `ends`; `longest` is the longest next to it, in days, and `later` on how
--   many days there are events beyond it.
-- Reads: event_days
-- Thresholds: least_days = 7, mean_gaps = 10, remembered = 1095, least_gaps = 5, few_days = 3
-- Why: **How long is long.** A city is judged by itself: a gap of {least_days} days or more that is
--   longer than any of the three years before it *and* than {mean_gaps} times their mean time
--   between events: a week with 1,000 incidents a year, five weeks with 100. Made-up cities with
--   100 to 165 met one by chance once in ten years. Fewer than six days with events are not judged;
--   at most {few_days} days with events after a gap may be mistyped dates.

WITH lines AS (
    SELECT
        *, FALSE AS backward, DATE_DIFF('day', DATE '1970-01-01', day) AS number,
        DATE_DIFF('day', DATE '1970-01-01', ends) AS last
    FROM event_days WHERE ends IS NULL OR day <= ends
    UNION ALL
    SELECT *, TRUE, -DATE_DIFF('day', DATE '1970-01-01', day), NULL
    FROM event_days WHERE extract = 'incidents'
),
gaps AS (
    SELECT
        *, COALESCE(LEAD(number) OVER line, last) AS until,
        COUNT(*) OVER (PARTITION BY extract, city, backward) - ROW_NUMBER() OVER line AS later
    FROM lines
    WINDOW line AS (PARTITION BY extract, city, backward ORDER BY number)
),
judged AS (
    SELECT
        *, MAX(until - number) OVER earlier AS longest, COUNT(*) OVER earlier AS gaps,
        (number - MIN(number) OVER remembered) / (SUM(events) OVER remembered - 1) AS pace
    FROM gaps
    WINDOW earlier AS (
        PARTITION BY extract, city, backward ORDER BY number
        RANGE BETWEEN $remembered PRECEDING AND 1 PRECEDING
    ),
    remembered AS (
        PARTITION BY extract, city, backward ORDER BY number
        RANGE BETWEEN $remembered PRECEDING AND CURRENT ROW
    )
)
SELECT
    extract, field, city, backward, ends AS through, later, longest, until - number AS days,
    DATE '1970-01-01' + CAST(IF(backward, -until, number) AS INTEGER) AS begins,
    DATE '1970-01-01' + CAST(IF(backward, -number, until) AS INTEGER) AS ends
FROM judged
WHERE
    later <= $few_days AND gaps >= $least_gaps AND until - number >= $least_days
    AND until - number > longest AND until - number > $mean_gaps * pace
QUALIFY ROW_NUMBER() OVER (PARTITION BY extract, city, backward ORDER BY number DESC) = 1
