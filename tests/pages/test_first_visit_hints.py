"""The hint of a screen: on its first visit, until it is closed or left, and never again."""

from __future__ import annotations

import pytest

from longevity.settings import Settings
from longevity.ui import first_visit_hints
from longevity.ui.navigation import SCREENS
from tests.drivers import screens


def shown(app: screens.AppTest) -> list[str]:
    """The hints on the page, as read."""
    said = [screens.as_read(caption.value) for caption in app.caption]
    every = [
        hint
        for hint in (*first_visit_hints.HINTS.values(), *first_visit_hints.FOR_THE_PUBLIC.values())
        if hint
    ]
    return [text for text in said if any(text.endswith(hint) for hint in every)]


def test_every_screen_has_a_short_hint() -> None:
    assert list(first_visit_hints.HINTS) == [screen.title for screen in SCREENS]
    assert max(map(len, first_visit_hints.HINTS.values())) <= 140
    assert set(first_visit_hints.FOR_THE_PUBLIC) == {s.title for s in SCREENS if s.operational}


def test_a_hint_is_shown_until_it_is_closed_or_left(
    monkeypatch: pytest.MonkeyPatch, published: Settings
) -> None:
    app = screens.visit(monkeypatch, published, "claim_check")
    assert shown(app) == [f":material/lightbulb: {first_visit_hints.HINTS['Claim check']}"]
    app.run()  # a filter, a button: the page runs again
    assert len(shown(app)) == 1
    app.button(key="hint.close").click().run()
    assert shown(app) == []
    app.switch_page("pages/evaluation.py").run()
    assert shown(app) == [f":material/lightbulb: {first_visit_hints.HINTS['Evaluation']}"]
    app.switch_page("pages/claim_check.py").run()
    assert shown(app) == []
    app.switch_page("pages/evaluation.py").run()  # left without closing it: read all the same
    assert shown(app) == []


def test_the_public_is_told_of_what_it_sees(
    monkeypatch: pytest.MonkeyPatch, published: Settings
) -> None:
    app = screens.visit(monkeypatch, published, "promises", "public")
    assert shown(app) == [f":material/lightbulb: {first_visit_hints.FOR_THE_PUBLIC['Promises']}"]
    shut = screens.visit(monkeypatch, published, "coming_home", "public")
    assert shown(shut) == []
