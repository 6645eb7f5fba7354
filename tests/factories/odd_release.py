"""A small published program with every oddity a screen must put into words.

East has, in the tables below: attendance nobody noted (p3 and p5 at c1), a group
without an audit date (g3), an action dated before its trigger (a2, of incident i3),
a person in two groups (p2), a call-in nobody attended (c2), and one that was planned
and not held (c3). West supplied incidents and victims and nothing of the program.
"""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from longevity.settings import Settings
from tests.conftest import TODAY, quiet
from tests.drivers.publishing import publish
from tests.factories import configs, extracts, reach_release
from tests.factories.reach_release import rows  # which a test of hostile texts changes

THROUGH = date(2026, 6, 30)

GROUPS = """
    group_id | label   | audited_on | members | active_from
    g1       | Schist  | 2025-01-10 | 9       | 2020-01-01
    g2       | Flint   | 2025-01-10 | 6       | 2020-01-01
    g3       | Pumice  |            | 5       | 2024-01-01
"""
PEOPLE = """
    person_id | listed_on  | review_by
    p1        | 2024-01-01 | 2026-08-01
    p2        | 2024-01-01 | 2026-05-01
    p3        | 2024-01-01 | 2029-01-01
    p4        | 2024-01-01 | 2029-01-01
    p5        | 2024-01-01 | 2029-01-01
"""
MEMBERSHIPS = """
    person_id | group_id | from_on
    p1        | g1       | 2024-01-01
    p2        | g1       | 2024-01-01
    p2        | g2       | 2024-06-01
    p3        | g2       | 2024-01-01
    p4        | g3       | 2024-01-01
    p5        | g3       | 2024-01-01
"""
CALL_INS = """
    call_in_id | scheduled_for | held_on    | community_speakers | family_speakers | cases_prepared
    c1         | 2025-09-01    | 2025-09-01 | 2                  | 1               | 4
    c2         | 2026-02-02    | 2026-02-03 | 1                  | 0               |
    c3         | 2026-06-01    |            |                    |                 |
    c4         | 2026-09-01    |            |                    |                 |
"""
INVITATIONS = """
    call_in_id | person_id | route     | reachable | attended
    c1         | p1        | parole    | yes       | attended
    c1         | p2        | probation | yes       | attended
    c1         | p3        | voluntary | yes       | unknown
    c1         | p5        | voluntary |           | unknown
    c2         | p3        | voluntary | yes       | absent
    c2         | p4        | parole    | no        | absent
"""
INCIDENTS = """
    city | incident_id | occurred_at      | gmi       | reviewed_on | location_precision
    east | i1          | 2025-11-03T22:00 | confirmed | 2025-11-05  | city
    east | i2          | 2026-01-09T01:30 | unknown   |             | city
    east | i3          | 2026-05-16T23:00 | confirmed | 2026-05-20  | city
    east | i4          | 2026-06-02T02:00 | none      | 2026-06-04  | city
    west | i5          | 2026-04-04T20:00 | unknown   |             | city
"""
INCIDENT_GROUPS = """
    incident_id | group_id | role    | status    | attributed_on
    i1          | g1       | suspect | confirmed | 2025-11-05
    i3          | g2       | suspect | confirmed | 2026-05-20
"""
ACTIONS = """
    action_id | group_id | person_id | trigger_incident_id | acted_on   | kind   | scope
    a1        | g1       |           | i1                  | 2025-11-20 | arrest | group
    a2        | g2       |           | i3                  | 2026-05-01 | arrest | group
    a3        |          |           |                     | 2026-03-03 | search | group
"""
EXITS = """
    custody_release_id | person_id | expected_on | released_on | greeted_on | greeted_by
    r1                 | p4        | 2026-03-01  | 2026-03-02  |            | a provider
    r2                 | p5        | 2026-07-20  |             |            |
"""


def publish_release(folder: Path, kind: str = "synthetic", ends: Mapping[str, date] = {}, **about: Any) -> Settings:
    """Publish this release, by default as an open demonstration; settings whose home serves it.

    `ends`: extracts of East that end earlier; `about`: what else its `extracts.toml` says, by key.
    """
    loaded = configs.load(folder, {"west": date(2021, 1, 1)})
    (incidents,) = reach_release.rows(incidents=INCIDENTS).values()
    # One person is shot in each.
    victims = [extracts.row("victims", at, one["city"], incident_id=f"i{at}") for at, one in enumerate(incidents, 1)]
    program = rows(
        groups=GROUPS,
        people=PEOPLE,
        memberships=MEMBERSHIPS,
        call_ins=CALL_INS,
        invitations=INVITATIONS,
        incident_groups=INCIDENT_GROUPS,
        enforcement_actions=ACTIONS,
        releases_from_custody=EXITS,
    )
    through = {name: {"east": ends.get(name, THROUGH)} for name in program}
    through |= dict.fromkeys(("incidents", "victims"), dict.fromkeys(("east", "west"), THROUGH))
    out = extracts.write(folder / "extracts", kind, through, (), about, incidents=incidents, victims=victims, **program)
    # Made-up events are few and end early: no check of that is meant here.
    publish(out, loaded, TODAY, "made up for a test", quiet)
    return loaded
