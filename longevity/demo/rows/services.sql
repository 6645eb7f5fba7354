-- Draws: 6 of offers
-- Offers of services to those who came to a call-in.
SELECT person_id, attended, on_file AS invited_to FROM invitations ORDER BY call_in_id, person_id;

WITH offers AS (
    SELECT
        *,
        invited_to + between_ends(u1, 0, 14) AS offered_on,
        CASE WHEN u2 < 0.46 THEN offered_on + wait(u3, 16.0) END AS intake_on,
        wait(u4, 11.0) AS fortnights
    FROM drawn
)
SELECT
    nth AS service_id,
    person_id,
    offered_on,
    intake_on,
    pick(u5, map {
        'employment': 0.34, 'education': 0.15, 'housing': 0.14, 'treatment': 0.13, 'legal': 0.08,
        'mentoring': 0.12, 'other': 0.04
    }) AS kind,
    intake_on + 14 * least(greatest((as_of() - intake_on) // 14, 0), fortnights) AS last_contact_on,
    CASE WHEN u6 < 0.4 THEN intake_on + 14 * fortnights END AS completed_on,
    offered_on AS on_file
FROM offers
WHERE attended = 'attended'
ORDER BY nth
