-- How many of the supervision contacts that the standard asks for were made?
-- Parameters: as_of, since
-- Grain: city, kind
-- Class: aggregate
-- Reads: supervision_spells, supervision_contacts, people
-- Protects: months_met, person_months, required, made, made_toward, attempted, result_unknown,
--   standard_unknown
-- Share: made_toward (contacts made, in each month at most as many as asked for) of required, asked
--   for in whole months of a spell

WITH spans AS (
    FROM SUPPLIED_SPANS(['supervision_spells', 'supervision_contacts', 'people'], $as_of, $since)
),

-- Before the month after its first contact a city's record of contacts had not begun.
months AS (
    SELECT
        spans.*,
        (
            SELECT DATE_TRUNC('month', MIN(contacts.contacted_on)) + INTERVAL 1 MONTH
            FROM supervision_contacts AS contacts
            WHERE contacts.city = spans.city
        ) AS begun_on,
        CAST(UNNEST(GENERATE_SERIES(
            DATE_TRUNC('month', spans.first_day), spans.last_day, INTERVAL 1 MONTH
        )) AS DATE) AS month,
        LAST_DAY(month) AS month_ends
    FROM spans
),

-- The standard is by the month: months wholly under supervision and on the list count.
person_months AS (
    SELECT
        months.city,
        months.month,
        months.month_ends,
        spells.kind,
        spells.person_id,
        MAX(spells.required_contacts_a_month) AS required
    FROM months
    INNER JOIN supervision_spells AS spells
        ON
            months.city = spells.city
            AND months.month >= spells.from_on
            AND COALESCE(months.month_ends <= spells.until_on, TRUE)
    INNER JOIN people
        ON
            spells.city = people.city
            AND spells.person_id = people.person_id
            AND months.month >= people.listed_on
            AND COALESCE(months.month_ends <= people.delisted_on, TRUE)
    WHERE
        spells.kind <> 'in_custody'
        AND months.month >= GREATEST(months.first_day, months.begun_on)
        AND months.begun_on IS NOT NULL
        AND months.month_ends <= months.last_day
    GROUP BY ALL
),

counted AS (
    SELECT
        person_months.*,
        COUNT(*) FILTER (contacts.result = 'made') AS made,
        COUNT(*) FILTER (contacts.result = 'attempted') AS attempted,
        COUNT(*) FILTER (contacts.result = 'unknown') AS result_unknown
    FROM person_months
    LEFT JOIN supervision_contacts AS contacts
        ON
            -- Contacts are of no standard where none is known.
            person_months.required IS NOT NULL
            AND person_months.city = contacts.city
            AND person_months.person_id = contacts.person_id
            AND contacts.contacted_on BETWEEN person_months.month AND person_months.month_ends
    GROUP BY ALL
)

SELECT
    spans.city,
    kinds.kind,
    COUNT(counted.required) AS person_months,
    COUNT(*) FILTER (counted.made >= counted.required) AS months_met,
    COALESCE(SUM(counted.required), 0) AS required,
    COALESCE(SUM(counted.made), 0) AS made,
    COALESCE(SUM(LEAST(counted.made, counted.required)), 0) AS made_toward,
    COALESCE(SUM(counted.attempted), 0) AS attempted,
    COALESCE(SUM(counted.result_unknown), 0) AS result_unknown,
    COUNT(counted.person_id) FILTER (counted.required IS NULL) AS standard_unknown,
    spans.first_day,
    spans.last_day
FROM spans
CROSS JOIN UNNEST(['probation', 'parole']) AS kinds (kind)
LEFT JOIN counted ON spans.city = counted.city AND kinds.kind = counted.kind
GROUP BY ALL
