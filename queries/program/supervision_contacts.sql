-- How many of the supervision contacts that the standard asks for were made?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — the day it is told as of
--   since: date = null — the first day, or null for the twelve months to as_of
-- Grain: city, kind
-- Class: aggregate
-- Reads: supervision_spells, supervision_contacts, people
-- Protects: months_met, person_months, required, made, made_toward, attempted, result_unknown,
--   standard_unknown
-- Numerator: made_toward: contacts made, in each month at most as many as asked for
-- Denominator: required: contacts asked for, in whole months of a spell

WITH spans AS (
    SELECT
        city,
        position,
        first_day,
        last_day
    FROM SUPPLIED_SPANS(
        ['supervision_spells', 'supervision_contacts', 'people'],
        CAST($as_of AS DATE),
        $city,
        CAST($since AS DATE)
    )
),

kinds AS (
    SELECT UNNEST(['probation', 'parole']) AS kind
),

-- Before the month after its first contact a city's record of contacts had not begun.
begun AS (
    SELECT
        supervision_contacts.city,
        CAST(
            DATE_TRUNC('month', MIN(supervision_contacts.contacted_on)) + INTERVAL 1 MONTH AS DATE
        ) AS day
    FROM supervision_contacts
    GROUP BY supervision_contacts.city
),

calendar AS (
    SELECT
        spans.city,
        spans.first_day,
        spans.last_day,
        begun.day AS begun_on,
        CAST(UNNEST(GENERATE_SERIES(
            DATE_TRUNC('month', spans.first_day),
            spans.last_day,
            INTERVAL 1 MONTH
        )) AS DATE) AS month
    FROM spans
    INNER JOIN begun ON spans.city = begun.city
),

months AS (
    SELECT
        calendar.city,
        calendar.month,
        CAST(calendar.month + INTERVAL 1 MONTH AS DATE) AS next_month
    FROM calendar
    WHERE
        calendar.month >= calendar.first_day
        AND calendar.month >= calendar.begun_on
        AND calendar.month + INTERVAL 1 MONTH <= calendar.last_day + 1
),

-- The standard is by the month: months wholly under supervision and on the list count.
person_months AS (
    SELECT
        months.city,
        months.month,
        months.next_month,
        supervision_spells.kind,
        supervision_spells.person_id,
        MAX(supervision_spells.required_contacts_a_month) AS required
    FROM months
    INNER JOIN supervision_spells
        ON
            months.city = supervision_spells.city
            AND months.month >= supervision_spells.from_on
            AND COALESCE(supervision_spells.until_on >= months.next_month - 1, TRUE)
    INNER JOIN people
        ON
            supervision_spells.city = people.city
            AND supervision_spells.person_id = people.person_id
            AND months.month >= people.listed_on
            AND COALESCE(people.delisted_on >= months.next_month - 1, TRUE)
    WHERE supervision_spells.kind <> 'in_custody'
    GROUP BY ALL
),

kept AS (
    SELECT
        person_months.city,
        person_months.month,
        person_months.kind,
        person_months.person_id,
        person_months.required,
        COUNT(*) FILTER (WHERE supervision_contacts.result = 'made') AS made,
        COUNT(*) FILTER (WHERE supervision_contacts.result = 'attempted') AS attempted,
        COUNT(*) FILTER (WHERE supervision_contacts.result = 'unknown') AS result_unknown
    FROM person_months
    LEFT JOIN supervision_contacts
        ON
            person_months.city = supervision_contacts.city
            AND person_months.person_id = supervision_contacts.person_id
            AND person_months.month <= supervision_contacts.contacted_on
            AND person_months.next_month > supervision_contacts.contacted_on
    GROUP BY ALL
),

counted AS (
    SELECT
        kept.city,
        kept.kind,
        COUNT(kept.required) AS person_months,
        COUNT(*) FILTER (WHERE kept.made >= kept.required) AS months_met,
        SUM(kept.required) AS required,
        SUM(kept.made) FILTER (WHERE kept.required IS NOT NULL) AS made,
        SUM(LEAST(kept.made, kept.required)) FILTER (
            WHERE kept.required IS NOT NULL
        ) AS made_toward,
        SUM(kept.attempted) FILTER (WHERE kept.required IS NOT NULL) AS attempted,
        SUM(kept.result_unknown) FILTER (WHERE kept.required IS NOT NULL) AS result_unknown,
        COUNT(*) FILTER (WHERE kept.required IS NULL) AS standard_unknown
    FROM kept
    GROUP BY kept.city, kept.kind
)

SELECT
    spans.city,
    kinds.kind,
    COALESCE(counted.person_months, 0) AS person_months,
    COALESCE(counted.months_met, 0) AS months_met,
    COALESCE(counted.required, 0) AS required,
    COALESCE(counted.made, 0) AS made,
    COALESCE(counted.made_toward, 0) AS made_toward,
    COALESCE(counted.attempted, 0) AS attempted,
    COALESCE(counted.result_unknown, 0) AS result_unknown,
    COALESCE(counted.standard_unknown, 0) AS standard_unknown,
    spans.first_day,
    spans.last_day
FROM spans
CROSS JOIN kinds
LEFT JOIN counted ON spans.city = counted.city AND kinds.kind = counted.kind
ORDER BY spans.position, kinds.kind
