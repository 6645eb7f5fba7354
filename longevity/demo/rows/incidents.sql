-- What is recorded of each incident; when it happened and what it was is in `happened`, in the
-- order of the days. Points lie inside a disc around each area's label point, so that few fall
-- into the area next door; what follows an incident tends to lie near it.
WITH entered AS (
    SELECT
        *,
        pick(u12, map {
            'address': 0.30, 'block': 0.53, 'intersection': 0.08, 'neighbourhood': 0.04,
            'city': 0.02, 'unknown': 0.03
        }) AS precision,
        precision = 'neighbourhood' OR (precision = 'unknown' AND u13 < 0.6) AS has_no_point,
        precision <> 'neighbourhood' AND (
            precision = 'city' OR (precision = 'unknown' AND u13 < 0.4) OR u14 < 0.06
        ) AS has_no_name,
        precision <> 'neighbourhood' AND u14 > 0.997 AS is_misnamed,
        -- Mostly a few days later, sometimes weeks.
        day + CASE
            WHEN u5 < 0.70 THEN wait(u6, 1.5)
            WHEN u5 < 0.93 THEN 2 + wait(u6, 7.0)
            ELSE 10 + least(wait(u6, 14.0), 80)
        END AS on_file,
        place(u8, area_weights()) - 1 AS area
    FROM happened
),
reviewed AS (
    SELECT
        entered.*,
        move_north(latitude, 0.7 * radius_km * sqrt(u10), u11) AS north,
        move_east(longitude, latitude, 0.7 * radius_km * sqrt(u10), u11) AS east,
        CASE
            WHEN what <> 'confirmed' AND u7 < 1 / 12 THEN NULL  -- no review settles them
            WHEN day >= launch() THEN reviews.held_on
            WHEN day >= audited_from()
                THEN greatest(launch() + between_ends(u19, -45, 45), entered.on_file)
        END AS reviewed_on
    FROM entered
    INNER JOIN areas ON areas.number = entered.area
    ASOF LEFT JOIN shooting_reviews AS reviews
        ON greatest(day + 2, entered.on_file) <= reviews.held_on
),
spots AS (
    SELECT
        own.* EXCLUDE (north, east),
        coalesce(before.area, own.area) AS in_area,
        CASE
            WHEN own.precision = 'city' THEN (SELECT avg(latitude) FROM areas)
            ELSE coalesce(move_north(before.north, 0.25 * own.u10, own.u11), own.north)
        END AS north,
        CASE
            WHEN own.precision = 'city' THEN (SELECT avg(longitude) FROM areas)
            ELSE coalesce(move_east(before.east, before.north, 0.25 * own.u10, own.u11), own.east)
        END AS east
    FROM reviewed AS own
    LEFT JOIN reviewed AS before ON own.parent = before.position AND own.u9 < 0.8
)
SELECT
    position,
    incident_id,
    day,
    what,
    what IN ('confirmed', 'other') AS is_counted,
    what = 'confirmed' AS is_confirmed,  -- or will be
    people,
    date_of(day) + to_minutes(CASE WHEN u18 < 0.04 THEN 0 ELSE minute END) AS occurred_at,
    CASE WHEN u18 < 0.04 THEN 'day' ELSE 'minute' END AS occurred_precision,
    -- The oldest records do not all say when they were entered.
    CASE WHEN NOT (u18 > 0.99 AND day < data_begin() + 3 * 365) THEN on_file END AS recorded_on,
    CASE WHEN NOT has_no_point THEN round(east, 5) END AS longitude,
    CASE WHEN NOT has_no_point THEN round(north, 5) END AS latitude,
    precision AS location_precision,
    cast(NULL AS BOOLEAN) AS place_confirmed,
    CASE WHEN NOT has_no_name THEN name END AS neighbourhood,
    pick(u20, map {
        'accident': 0.4, 'self_inflicted': 0.35, 'self_defence': 0.15, 'police': 0.10
    }) AS excuse,
    CASE
        WHEN what = 'uncounted' THEN excuse
        WHEN is_counted AND u20 < 0.06 THEN 'unknown'
        ELSE 'criminal'
    END AS circumstance,
    CASE
        WHEN reviewed_on IS NULL OR reviewed_on > as_of() THEN 'unknown'
        WHEN is_confirmed THEN 'confirmed'
        WHEN what IN ('other', 'unhurt') AND u15 < 0.16 THEN 'suspected'
        ELSE 'none'
    END AS gmi,
    reviewed_on,
    pick(u16, map { 'arrest': 0.40, 'exceptional': 0.03, 'open': 0.51, 'unknown': 0.06 })
        AS settled,
    CASE
        WHEN settled = 'unknown' OR day + 1 + wait(u17, 60.0) <= as_of() THEN settled
        ELSE 'open'
    END AS clearance,
    on_file
FROM spots
INNER JOIN areas ON number = (in_area + cast(is_misnamed AS INTEGER)) % len(area_weights())
ORDER BY position
