-- What is told as a no where a row does not give it: in which words a row says yes, what would be
--   told, which extract a city leaves out when its source cannot say it, and how grave it is that
--   every row says yes. The answers are in `answers`.

WITH listed (question, extract, field, words, would_tell, needed_for, only_yes) AS (
    VALUES
    (
        'reviewed', 'incidents', 'reviewed_on', 'gives reviewed_on', 'all {} as not reviewed',
        'shooting_reviews', NULL
    ),
    ('held', 'call_ins', 'held_on', 'gives held_on', 'all {} as not held', 'call_ins', NULL),
    (
        'shot', 'incident_groups', 'role', 'has a group as confirmed suspect',
        'no group as having shot in any of {}', 'incident_groups', NULL
    ),
    (
        'on a group', 'enforcement_actions', 'group_id', 'has scope = group and the group',
        'all {} as on no group', 'enforcement_actions', NULL
    ),
    (
        'met', 'releases_from_custody', 'greeted_on', 'gives greeted_on', 'all {} as not met',
        'releases_from_custody', 'warning'
    ),
    (
        'begun', 'services', 'intake_on', 'gives intake_on', 'all {} as not begun', 'services',
        'error'
    ),
    (
        'answered', 'community_requests', 'answered_on', 'gives answered_on',
        'all {} as not answered', 'community_requests', 'warning'
    ),
    (
        'came', 'invitations', 'attended', 'says attended', 'nobody as having come of {} invited',
        'invitations', 'error'
    ),
    (
        'reached', 'invitations', 'reachable', 'says that somebody could be reached',
        'none of {} invited as reached', 'invitations', NULL
    ),
    (
        'notified', 'custom_notifications', 'contact', 'says with whom there was contact',
        'none of {} as made', 'custom_notifications', 'error'
    ),
    (
        'made', 'supervision_contacts', 'result', 'says made under result', 'none of {} as made',
        'supervision_contacts', NULL
    ),
    -- Most of what began lately goes on, so these are judged by the oldest rows …
    (
        'left', 'memberships', 'until_on', 'of five years ago or more gives until_on',
        'all {} as members still', 'memberships', NULL
    ),
    (
        'delisted', 'people', 'delisted_on', 'of five years ago or more gives delisted_on',
        'all {} as on the list still', 'people', NULL
    ),
    (
        'free', 'supervision_spells', 'until_on', 'of five years ago or more gives until_on',
        'all {} as under supervision still', 'supervision_spells', NULL
    ),
    -- … and an export may close what goes on at its own last day.
    (
        'member', 'memberships', 'until_on', 'lasts to the newest incident',
        'none of {} as members', 'memberships', NULL
    ),
    (
        'listed', 'people', 'delisted_on', 'lasts to the newest incident',
        'none of {} as on the list', 'people', NULL
    ),
    (
        'supervised', 'supervision_spells', 'until_on', 'lasts to the newest incident',
        'none of {} as under supervision', 'supervision_spells', NULL
    )
)
SELECT * FROM listed
