"""What a screen says of a release that lacks something, or in which something is odd.

What it says of the demonstration is in tests/golden; how a sentence is made, in tests/words.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from longevity.screens import sources
from longevity.ui.screens import SCREENS
from tests.conftest import FOR_A_SHELL
from tests.drivers import screens
from tests.screens.conftest import AREAS

# Release / screen / link; = how its answer begins, + what is said besides, - what is not.
CASES = """
# a small program with oddities
odd / follow_up
  + Not supplied by West: incident groups, groups, memberships, call-ins
  + Not supplied by East: custom notifications. Missing, not zero. Groups that were warned in no other way are in no case.
  + enforcement followed within 30 days in 1 of 2; 1 action on groups not named may have answered more.
  + missed for 0 and open for 1; 1 action on groups not named may have answered more.
odd / call_ins
  + East 2 (1 scheduled and not held)
  + Not supplied by East and West: shooting reviews.
odd / support
  + for 0 no meeting is noted, for 1 it is unknown
  + 1 member on the list is expected home
  + Not supplied by West: releases from custody and people.
  + Not supplied by East and West: budget
odd / sources
  + 1 listing is overdue for review
odd / this_week / city=west
  + Which follow-ups are open is not known
  + Not supplied by West: incident groups and custom notifications. Missing, not zero
  - No follow-up is open
# of files that begin within twelve months the day is said, and no zero
begun / call_ins
  + East's data begin on January 15, 2026 (call-ins and invitations): not twelve months yet, and what came before
  + Call-ins held in the twelve months to June 30, 2026: East unknown.
  + East: 147 days since the last call-in
  - No invitation
  - 0 of 0
begun / support / city=east
  = East's data begin on January 15, 2026 (releases from custody): not twelve months yet
  - None on file
begun / briefing
  + Of call-ins and of people coming home twelve months are not known.
  + East's data begin on January 15, 2026 (call-ins and invitations): not twelve months yet
  - Not supplied by East
begun / follow_up
  + East's data begin on January 15, 2026 (call-ins and invitations): not twelve months yet
begun / this_week / city=east
  + East: 147 days since the last call-in
# what a file that ends before the others leaves unknown
ended / this_week / city=east
  + Who shot is known through April 30, 2026; whether a group shot since is not.
  + No member is known to be expected home in the seven days after June 30, 2026, or overdue. Who came home is known
  - No follow-up is
  - No member came home
ended / call_ins / city=east
  + last warned over 12 months ago, as of April 30, 2026.
# no program at all
counts shown / call_ins
  = Not supplied by East and West: call-ins, invitations, groups
  - <picture>
counts shown / briefing
  + What waits in East and West is not fully known
# counts alone, real
counts / briefing
  = 3 more people shot in the two cities in 2026 than in the same days of 2025 (no clear change); no clear change in East and West.
  + Two cities, Jan 1 to Jun 30, 2026: 5 +3
  + East, Jan 1 to Jun 30, 2026: 4 +2
  + West, Jan 1 to Jun 30, 2026: 1 +1
  - The link names
counts / map
  = 5 people were shot in East and West from January 1 to June 30, 2026, most in Hill, East (4). Where in West is not known.
  + 1 of 5 has no exact place and is not on the map.
  + No boundaries
counts / map / area=east/Harbour&city=east
  + 0 people were shot from January 1 to June 30, 2026:
  + The hour is not known for any of 0 shooting incidents.
counts / sources
  + Not supplied
  + There is no earlier release of this kind
# a city without any row is missing and never a zero
east alone / evidence
  = The data are too few to say for East and West.
east alone / claim_check / claim=People shot are down
  = No incidents and victims were supplied for West: missing, not zero.
east alone / briefing
  + No count of these days for West: missing, not zero.
  - West, Jan 1
east alone / map / city=west
  = Nothing was supplied that says
  - <picture>
east alone / compare_cities
  + No count of these days for West: missing, not zero.
east alone / evidence / city=west
  + no incidents and victims of West
# a year in which nothing happened is a zero
quiet year / briefing
  = 2 fewer people shot in the two cities in 2026 than in the same days of 2025 (no clear change)
quiet year / map
  = 0 people were shot in East and West from
# data of one city begin later
uneven / map / period=2022
  = 3 people were shot in East in 2022
  + of West nothing in this period
  + West's data begin on June 1, 2024, so it is not counted in 2022.
  + The data do not cover all of this period.
uneven / map / period=2022&city=west
  = West's data begin on June 1, 2024, so it is not counted in 2022. That is not zero.
  - <picture>
uneven / map / period=whole&city=west
  = 1 person was shot in West from June 1, 2024 to
late west / briefing
  + East, Jan 1 to Jun 30, 2026: 5
  + West's data begin on May 1, 2026, so it is not counted in 2026.
  - West 4
  - West, Jan 1
# the source of one city ended: it is in no sum, and its end is not everybody's last day
west ended / briefing
  = People shot, January 1 to June 30, 2026, against the same days of 2025: no clear change in East (4 from 2).
  + data through June 30, 2026
  + The data of West ended on December 31, 2024.
  + East, Jan 1 to Jun 30, 2026: 4 +2
  - No count of these days
  - Two cities
west ended / compare_cities
  + The data of West ended on December 31, 2024.
west ended / map / city=west
  = 1 person was shot in West in 2024
west ended / claim_check / claim=4 people were shot so far
  + Read as: people shot in East, January 1 to June 30, 2026
  - West together
# no day on which a program began
no launch / *
  - pre-program
  - program beg
  - since the launch
no launch / evidence
  = No program start is on file for East and West, so there is no before and after
  - <picture>
one launch / evidence
  = The data are too few to say for East. No program start is on file for West, so there is no before and after to compare.
one launch / evidence / city=west
  = No program start is on file for West
# sources that hold only some of the victims
killed in one / map / city=east&points=show&measure=fatal
  + 4 of an unknown number known to the block
killed in one / sources
  + The source of East holds only people killed. What a source does not hold
killed in one / briefing
  + The source of East holds only people killed, so people shot there are not known
  + shot and killed
killed in one / this_week / city=east&week=2026-05-03
  = East, April 27 to May 3, 2026: 2 people were shot and killed. The source of East holds only people killed, so people shot there are not known, which is not zero.
"""  # noqa: E501 - sentences are read whole


class Case(NamedTuple):
    """A screen of a release by a link, and lines of what it says, each behind its sign."""

    world: str
    page: str
    link: dict[str, str]
    said: list[str]


def read_cases() -> Iterator[Case]:
    for part in re.split(r"\n(?=\S)", re.sub(r"(?m)^#.*\n", "", CASES.strip())):
        head, *said = part.split("\n  ")
        world, page, *links = head.split(" / ")
        link = dict(pair.split("=") for pair in links[0].split("&")) if links else {}
        pages = screens.screens_alike_for_all() if page == "*" else [page]
        yield from (Case(world, page, link, said) for page in pages)
    for name in AREAS:
        link = {"area": f"east/{name}"}
        yield Case("hostile areas", "map", link, [f"+ {name}, East"])


@pytest.mark.parametrize("case", [*read_cases()], ids=lambda case: f"{case.world}-{case.page}")
def test_a_screen_says_what_is_missing_or_odd(monkeypatch, world, case):
    app = screens.visit(monkeypatch, world(case.world), case.page, **case.link)
    assert screens.problems(app) == []
    shown = [*map(screens.as_read, screens.texts(app))]
    shown += [f"{tile.label}: {tile.value} {tile.delta}" for tile in app.metric]
    shown += [link.proto.label for link in app.main.get("page_link")]
    text = " ".join(shown) + " <picture>" * bool(screens.figures(app))
    for line in case.said:
        sign, words = line[0], line[2:]
        if sign == "=":
            assert screens.sentence(app).startswith(words)
        else:
            assert (words in text) is (sign == "+"), line


SELDOM = [pytest.param(name, marks=pytest.mark.audit) for name in ("counts", "counts shown", "no launch", "east alone")]


@pytest.mark.parametrize("name", ["odd", *SELDOM])
def test_nobody_without_a_shell_reads_of_our_documents_files_and_commands(monkeypatch, world, name):
    for screen in SCREENS:
        text = screens.read(screens.visit(monkeypatch, world(name), screen.name))
        # Whoever publishes the data has a shell, and reads on Sources what to do.
        is_theirs = screen.name == "sources" and "NOT FOR RELEASE" in text
        assert bool(re.search(FOR_A_SHELL, text)) is is_theirs, screen.name


def test_lines_that_a_city_installed_are_told_by_their_day_and_not_by_a_file_name():
    installed = {"kind": "installed", "source": "hill.geojson, installed 2026-06-01"}
    manifest = {"boundaries": {"east": installed, "west": {"kind": "none", "source": "no boundaries"}}}
    said = sources.describe_boundaries(manifest, {"east": "East", "west": "West"})
    assert said == ("East: lines installed Jun 1, 2026.", "West: no boundaries.")
