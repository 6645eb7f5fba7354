"""What a screen says of a release that lacks something, or in which something is odd.

What it says of the demonstration is in tests/golden; how a sentence is made, in tests/unit.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from longevity.ingest.contract import EXTRACTS
from tests.drivers import screens
from tests.pages.conftest import AREAS, World

NOT_COUNTED = "data begin on June 1, 2024, so it is not counted in "
HELD = "The source of East holds only people killed, so people shot there are not known"
TWO_GROUPS = "1 of 5 members belongs to more than one group, and stands for each of them."
IN_CUSTODY = (
    *("releases from custody", "supervision spells", "supervision contacts", "services"),
    *("community events", "community requests", "budget", "people"),
)
CALL_INS = (
    *("call ins", "invitations", "groups", "memberships", "people", "shooting reviews"),
    "custom notifications",
)
SUPPLIED = {"incidents", "victims"}
MISSING = tuple(
    each.name.replace("call_ins", "call-ins").replace("_", " ")
    for each in EXTRACTS
    if each.name not in SUPPLIED
)


@dataclass(frozen=True)
class Said:
    """On one screen: how its answer begins, what is said besides, and what is not."""

    world: str
    page: str
    opening: str = ""
    said: tuple[str, ...] = ()
    link: dict[str, str] = field(default_factory=dict)
    not_said: tuple[str, ...] = ()
    drawn: bool | None = None  # whether there is a figure


CASES = (
    # --- a small program with oddities
    Said(
        "odd",
        "promises",
        said=(
            # Two episodes: g1's met enforcement on day 17, g2's waits.
            "enforcement followed within 30 days in 1 of 2; in all years in 1 of 2; 1 is open",
            "East: 1 action is dated before the shooting named as the trigger",
            "East: 1 action on a group without saying on which: counted nowhere here.",
            "Not all supplied for West: groups, who shot and who was told.",
            "Whether help was offered is unknown: services of that time are not on file.",
            TWO_GROUPS,
        ),
    ),
    Said(
        "odd",
        "call_ins",
        said=(
            "2 of 4 reached came; attendance unknown for 1 of 4.",
            "1 active group has no audit date and stands apart",
            "Without an audit date, and so in no share: Pumice (East).",
            "East, February 3, 2026: 2 members invited, and nobody came.",
            "East 2 (1 scheduled and not held)",
            "Not all supplied for West: call-ins and invitations.",
            TWO_GROUPS,
            "This release does not hold: shooting reviews.",
        ),
    ),
    Said(
        "odd",
        "coming_home",
        said=(
            # Met by somebody on a day nobody noted: neither met nor not.
            "0 were not (0 met later, 0 with no meeting noted); 1 is unknown",
            "1 member on the list is expected home",
            "Not all supplied for West: releases from custody and list of people.",
            "This release does not hold: budget.",
        ),
    ),
    Said("odd", "sources_and_checks", said=("1 listing is overdue for review",)),
    Said("odd", "state_briefing", said=("not yet followed up", "; not known for West")),
    Said(
        "odd",
        "weekly_review",
        said=tuple(
            f"{what} were not all supplied for this city. Missing, not zero."
            for what in (
                "who shot, who was told and enforcement",
                "Groups and custom notifications",
            )
        ),
        link={"city": "west"},
        not_said=("No follow-up is open",),
    ),
    Said(
        "little program",
        "coming_home",
        "1 of 2 people who came home in twelve months was met within 72 hours (unknown for 1).",
        (
            "1 was met at the gate (1) or within 72 hours; 0 were not",
            "attendance unknown for 1",
            "for 1 no contact is noted",
            "5 months have no standard noted",
            "1 request waits for an answer, asked on June 30, 2022: 1,461 days.",
            "Spending of fiscal year 2026 is unknown for East (1 of 1 source).",
            "does not hold: call ins, invitations, custom notifications",
            "supplied for West",
        ),
        drawn=True,
    ),
    Said("little program", "coming_home", "Nobody supplied", link={"city": "west"}, drawn=False),
    # --- no program at all
    Said(
        "counts shown",
        "call_ins",
        said=(
            "No call-ins were supplied for East and West.",
            "not known, since call-ins",
            "docs/data-contract.md",
            *CALL_INS,
        ),
        drawn=False,
    ),
    Said(
        "counts shown",
        "coming_home",
        "Nobody supplied who came home from custody, so nothing can be said of it.",
        ("docs/data-contract.md", *IN_CUSTODY),
        drawn=False,
    ),
    # --- counts alone, real
    Said(
        "counts",
        "state_briefing",
        "3 more people shot in the two cities than a year ago; no clear change, together or alone.",
        (
            "Both cities, Jan 1 to Jun 30: 5 +3",
            "East, Jan 1 to Jun 30: 4 +2",
            "West, Jan 1 to Jun 30: 1 +1",
        ),
        not_said=("The link names",),
    ),
    # East's third incident lies in its first area; West's says no place.
    Said(
        "counts",
        "neighbourhoods",
        "5 people were shot in East and West from January 1 to June 30, 2026, most in Hill, East "
        "(4). Where in West is not known.",
        (
            "1 counted for the city but on no map: no place was given for 1. It is in the totals.",
            "No boundaries",
        ),
    ),
    Said(
        "counts",
        "neighbourhoods",
        said=(
            "0 people were shot** from January 1 to June 30, 2026: ",
            "No shooting incident in these years.",
        ),
        link={"area": "east/Harbour", "city": "east"},
    ),
    Said(
        "counts",
        "sources_and_checks",
        said=("Not supplied", "There is no earlier release of this kind", *MISSING),
    ),
    *(
        Said(
            "hostile areas",
            "neighbourhoods",
            said=(f"{name}, East",),
            link={"area": f"east/{name}"},
        )
        for name in AREAS
    ),
    # --- a city without any row is missing and never a zero
    Said("east alone", "evaluation", "These data cannot tell of East and West."),
    Said(
        "east alone",
        "claim_check",
        "No incidents and victims were supplied for West: missing, not zero.",
        link={"claim": "People shot are down"},
    ),
    Said(
        "east alone",
        "state_briefing",
        said=("Nothing of West was supplied for these days.",),
        not_said=("West, Jan 1",),
    ),
    Said(
        "east alone",
        "neighbourhoods",
        "Nothing was supplied that says",
        link={"city": "west"},
        drawn=False,
    ),
    Said(
        "east alone",
        "compare_cities",
        said=("Nothing was supplied for West, which is not zero.",),
    ),
    Said(
        "east alone",
        "evaluation",
        said=("no incidents and victims of West",),
        link={"city": "west"},
    ),
    # --- a year in which nothing happened is a zero
    Said(
        "quiet year",
        "state_briefing",
        "2 fewer people shot in the two cities than a year ago; no clear change",
    ),
    Said("quiet year", "neighbourhoods", "0 people were shot in East and West from "),
    # --- data of one city begin later, or end earlier
    Said(
        "uneven",
        "neighbourhoods",
        "3 people were shot in East in 2022",
        (
            "of West nothing in this period",
            f"West's {NOT_COUNTED}2022. ",
            "The data do not cover all of this period.",
        ),
        {"period": "2022"},
    ),
    Said(
        "uneven",
        "neighbourhoods",
        "0 people were shot in East in 2024.",
        (f"West's {NOT_COUNTED}2024",),
        {"period": "2024"},
    ),
    Said(
        "uneven",
        "neighbourhoods",
        f"West's {NOT_COUNTED}2022. That is not zero.",
        link={"period": "2022", "city": "west"},
        drawn=False,
    ),
    Said(
        "uneven",
        "neighbourhoods",
        "1 person was shot in West from June 1, 2024 to ",
        link={"period": "whole", "city": "west"},
    ),
    Said(
        "late west",
        "state_briefing",
        said=(
            "East, Jan 1 to Jun 30: 5",
            "West's data begin on May 1, 2026, so it is not counted in 2026 so far.",
        ),
        not_said=("West 4", "West, Jan 1"),
    ),
    Said("ends apart", "state_briefing", said=("data of every city through March 31, 2026",)),
    # --- no day on which a program began
    Said(
        "no launch",
        "evaluation",
        "No program start is on file for East and West, so there is no before and after",
        drawn=False,
    ),
    Said(
        "one launch",
        "evaluation",
        "These data cannot tell of East. No program start is on file for West, so there is no "
        "before and after to compare.",
    ),
    Said(
        "one launch",
        "evaluation",
        "No program start is on file for West",
        link={"city": "west"},
    ),
    *(
        Said(
            "no launch",
            page,
            not_said=("pre-program", "program began", "program begin", "since the launch"),
        )
        for page in screens.screens_alike_for_all()
    ),
    # --- sources that hold only some of the victims
    Said(
        "killed in one",
        "neighbourhoods",
        said=("4 shooting incidents known to the block. How many there were in all is not known",),
        link={"city": "east", "points": "show", "measure": "fatal"},
    ),
    Said(
        "killed in one",
        "sources_and_checks",
        said=("The source of East holds only people killed. What a source does not hold",),
    ),
    *(
        Said("killed in one", page, said=(HELD, "shot and killed"))
        for page in ("state_briefing", "compare_cities", "neighbourhoods")
    ),
    Said(
        "killed in one",
        "weekly_review",
        f"East, April 27 to May 3, 2026: 2 people were shot and killed. {HELD}, which is not zero.",
        link={"city": "east", "week": "2026-05-03"},
    ),
    # --- choices of a link that a screen does not have, or a viewer
    Said(
        "counts",
        "state_briefing",
        said=("The link names a city and a period. This screen has no such choice",),
        link={"city": "east", "period": "2025"},
    ),
    Said(
        "counts",
        "compare_cities",
        said=("The link names a city and a period. This screen has no such choice",),
        link={"city": "east", "period": "2024"},
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.world}-{case.page}")
def test_a_screen_says_what_is_missing_or_odd(
    monkeypatch: pytest.MonkeyPatch, world: World, case: Said
) -> None:
    app = screens.visit(monkeypatch, world(case.world), case.page, **case.link)
    assert not app.exception
    assert screens.sentence(app).startswith(case.opening)
    shown = [*map(screens.as_read, screens.texts(app))]
    shown += [f"{one.label}: {one.value} {one.delta}" for one in app.metric]
    shown += [link.proto.label for link in app.main.get("page_link")]
    text = " ".join(shown)
    assert [words for words in case.said if words not in text] == []
    assert [words for words in case.not_said if words in text] == []
    assert case.drawn in (None, bool(screens.figures(app)))
