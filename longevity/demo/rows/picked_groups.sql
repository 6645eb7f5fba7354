-- Draws: 1 of groups picked
-- Which groups are asked to a call-in: of four in ten, those that can be reached.
SELECT call_in_id, group_id, is_unreached FROM call_ins, known_groups ORDER BY call_in_id, group_id;

SELECT call_in_id, group_id FROM drawn WHERE u1 < 0.4 AND NOT is_unreached
