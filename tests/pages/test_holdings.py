"""Every screen of releases whose sources hold only some of the victims: it stands, and is true."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from longevity.settings import Settings
from tests.drivers import briefing_reader, screens
from tests.factories.holdings_release import FATAL, FIREARM, NAMES, publish_release

WORLDS = {
    "all": dict.fromkeys(NAMES, FATAL),
    "one": {"east": FATAL},
    "firearm": dict.fromkeys(NAMES, FIREARM),
}
World = Callable[[str], Settings]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A release by its name in WORLDS, open to look at; made once."""
    made: dict[str, Settings] = {}

    def of(name: str) -> Settings:
        if name not in made:
            folder: Path = tmp_path_factory.mktemp(name)
            made[name] = publish_release(folder, WORLDS[name], "synthetic")
        return made[name]

    return of


# Here each screen on one of them, in the audit on each.
STANDS = [
    pytest.param(name, page, marks=pytest.mark.audit if (place + at) % len(WORLDS) else ())
    for place, page in enumerate(screens.pages())
    for at, name in enumerate(WORLDS)
]


@pytest.mark.parametrize(("name", "page"), STANDS)
def test_every_screen_stands(
    monkeypatch: pytest.MonkeyPatch, world: World, name: str, page: str
) -> None:
    app = screens.visit(monkeypatch, world(name), page, viewer="state")
    shown = screens.texts(app)
    assert not app.exception
    assert screens.holes(app) == []
    assert screens.unread(app) == []
    assert not any("NA" in text.split() or "nan" in text.split() for text in shown)


def test_points_of_the_killed_are_not_told_as_all_there_were(
    monkeypatch: pytest.MonkeyPatch, world: World
) -> None:
    link = {"city": "east", "points": "show", "measure": "fatal"}
    app = screens.visit(monkeypatch, world("one"), "neighbourhoods", viewer="state", **link)
    shown = " ".join(map(screens.as_read, screens.texts(app)))
    assert "4 shooting incidents known to the block. How many there were in all is not known" in (
        shown
    )


def test_sources_says_what_each_source_holds(monkeypatch: pytest.MonkeyPatch, world: World) -> None:
    app = screens.visit(monkeypatch, world("one"), "sources_and_checks", viewer="state")
    assert "The source of East holds only people killed. What a source does not hold" in " ".join(
        map(screens.as_read, screens.texts(app))
    )


@pytest.mark.parametrize("page", ["state_briefing", "compare_cities", "neighbourhoods"])
def test_a_screen_opens_on_what_every_city_holds_and_says_why(
    monkeypatch: pytest.MonkeyPatch, world: World, page: str
) -> None:
    app = screens.visit(monkeypatch, world("one"), page, viewer="state")
    assert "shot and killed" in screens.sentence(app)
    shown = " ".join(map(screens.as_read, screens.texts(app)))
    assert (
        "The source of East holds only people killed, so people shot there are not known" in shown
    )


def test_every_shooting_is_not_known_of_a_city_of_people_killed(world: World) -> None:
    state = briefing_reader.context(world("one"), "state")
    assert state.find_cities_without("incidents") == []
    assert state.find_cities_without("incidents", "victims") == ["east"]


def test_a_week_of_people_killed(monkeypatch: pytest.MonkeyPatch, world: World) -> None:
    link = {"city": "east", "week": "2026-05-03"}
    app = screens.visit(monkeypatch, world("one"), "weekly_review", viewer="state", **link)
    assert screens.sentence(app) == (
        "East, April 27 to May 3, 2026: 2 people were shot and killed. The source of East holds "
        "only people killed, so people shot there are not known, which is not zero."
    )
