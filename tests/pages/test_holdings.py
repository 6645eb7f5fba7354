"""Every screen of releases whose sources hold only some of the victims: it stands, and is true."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from longevity.settings import Settings
from tests import screens
from tests.held_release import FATAL, FIREARM, NAMES, released

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
            made[name] = released(folder, WORLDS[name], "synthetic")
        return made[name]

    return of


@pytest.mark.parametrize("page", screens.pages())
@pytest.mark.parametrize("name", WORLDS)
def test_every_screen_stands(
    monkeypatch: pytest.MonkeyPatch, world: World, name: str, page: str
) -> None:
    app = screens.visit(monkeypatch, world(name), page, viewer="state")
    shown = screens.texts(app)
    assert not app.exception
    assert screens.holes(app) == []
    assert screens.unread(app) == []
    assert not any("NA" in text.split() or "nan" in text.split() for text in shown)
