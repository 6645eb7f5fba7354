-- Where was each shooting, was it reviewed, did it open a promise, was an involved group notified?
-- Parameters:
--   date_from: date = data_through - 6 days — the first day
--   date_until, as_of
--   within_days: integer(0..30) = threshold notified_within_days — days after it
-- Grain: city, incident_id
-- Class: named
-- Order: position, day, incident_id
-- Reads: incidents, victims, incident_groups, groups, memberships, call_ins, invitations,
--   custom_notifications, enforcement_actions

WITH happened AS (
    SELECT
        located.*,
        IF(incidents.reviewed_on <= $as_of, incidents.reviewed_on, NULL) AS reviewed_on,
        -- How far notifications are known.
        LEAST($as_of, data_through.day) AS known_through,
        data_through.begins_on
    FROM located
    INNER JOIN incidents
        ON
            located.city = incidents.city
            AND located.incident_id = incidents.incident_id
            -- The day of `located` is this one: only its days are read.
            AND incidents.occurred_at >= $date_from
            AND incidents.occurred_at < $date_until
    LEFT JOIN data_through
        ON located.city = data_through.city AND data_through.extract = 'custom_notifications'
    WHERE
        located.counted
        -- Where only the killed are held, of how many were shot nothing is known.
        AND (located.victims > 0 OR located.fatal > 0)
        AND located.day >= $date_from
        AND located.day < $date_until
),

-- Both sides as the group that holds them on the day the answer is of.
involved AS (
    SELECT
        happened.*,
        sides.group_id,
        sides.addressees
    FROM happened
    INNER JOIN SIDES_AS_OF(happened.known_through) AS sides
        ON happened.incident_id = sides.incident_id
),

sides AS (
    SELECT
        involved.incident_id,
        STRING_AGG(COALESCE(names.label, involved.group_id), ', ' ORDER BY involved.group_id)
            AS group_names
    FROM involved
    LEFT JOIN AUDITED_GROUPS() AS names
        ON involved.city = names.city AND involved.group_id = names.group_id
    GROUP BY involved.incident_id
),

addressed AS (
    SELECT
        involved.*,
        UNNEST(involved.addressees) AS addressee
    FROM involved
),

spoken AS (
    SELECT
        addressed.incident_id,
        COALESCE(BOOL_OR(attempts.is_placed AND attempts.result <> 'none'), FALSE) AS made,
        (NOT made AND COUNT(*) FILTER (NOT attempts.is_placed) > 0) AS is_unknown
    FROM addressed
    INNER JOIN ATTEMPTS_AS_OF(addressed.known_through) AS attempts
        ON
            addressed.city = attempts.city
            AND addressed.addressee = attempts.addressee
            AND attempts.brought_on BETWEEN addressed.day AND addressed.day + $within_days
    GROUP BY addressed.incident_id
)

SELECT
    happened.city,
    happened.incident_id,
    happened.day,
    happened.neighbourhood,
    happened.victims,
    happened.fatal,
    happened.gmi,
    happened.reviewed_on,
    sides.group_names,
    CASE
        WHEN NOT EPISODES_ARE_KNOWN(happened.city) THEN 'unknown'
        WHEN NOT HAS_SUPPLIED(happened.city, 'enforcement_actions') THEN 'unknown'
        WHEN
            happened.incident_id IN (
                SELECT episodes.incident_id FROM EPISODES_AS_OF($as_of) AS episodes
            )
            THEN 'opened'
        WHEN happened.incident_id IN (SELECT violations.incident_id FROM violations) THEN 'running'
        WHEN happened.gmi = 'none' THEN 'none'
        -- A warning before it may be in no file yet.
        WHEN happened.day > happened.known_through THEN 'unknown'
        WHEN
            happened.incident_id IN (
                SELECT shootings.incident_id FROM shootings
                GROUP BY shootings.incident_id
                HAVING BOOL_AND(shootings.status = 'confirmed')
            )
            THEN 'none'
        -- Which groups shot is not known, which is not that none with notice did.
        ELSE 'unknown'
    END AS promise,
    CASE
        WHEN happened.gmi = 'none' THEN 'not_due'
        WHEN spoken.is_unknown THEN 'unknown'
        WHEN happened.known_through IS NULL THEN 'unknown'
        WHEN happened.gmi = 'unknown' OR sides.incident_id IS NULL THEN 'unknown'
        WHEN spoken.made THEN 'notified'
        WHEN happened.day < happened.begins_on THEN 'unknown'
        WHEN happened.day + $within_days > $as_of THEN 'too_recent'
        WHEN happened.day + $within_days > happened.known_through THEN 'unknown'
        WHEN spoken.incident_id IS NOT NULL THEN 'attempted'
        ELSE 'not_notified'
    END AS notified
FROM happened
LEFT JOIN sides ON happened.incident_id = sides.incident_id
LEFT JOIN spoken ON happened.incident_id = spoken.incident_id
