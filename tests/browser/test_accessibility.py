"""No axe violation and no sideways scrolling, in two of theme and width; the audit has all four."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from longevity.screen.navigation import SCREENS

pytestmark = pytest.mark.browser

WIDE, NARROW = 1440, 390
OPTIONS = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
SEEN = [
    ("/", WIDE, False),
    ("/", NARROW, True),
    ("/weekly_review", WIDE, True),
    ("/weekly_review?city=hartford", NARROW, False),
    ("/neighbourhoods", WIDE, True),
    ("/neighbourhoods?city=hartford&area=hartford/Northeast", NARROW, False),
    ("/call_ins", WIDE, True),
    ("/call_ins?city=hartford", NARROW, False),
    ("/promises", WIDE, False),
    ("/promises", NARROW, True),
    ("/coming_home", WIDE, True),
    ("/coming_home?city=hartford", NARROW, False),
    ("/compare_cities", NARROW, True),
    ("/compare_cities?measure=homicides", WIDE, False),
    ("/evaluation", WIDE, True),
    ("/evaluation?city=hartford", NARROW, False),
    ("/press_charts", WIDE, False),
    ("/press_charts?chart=ledger", NARROW, True),
    ("/claim_check", NARROW, True),
    ("/claim_check?claim=Homicides%20are%20up", WIDE, True),
    ("/claim_check?claim=Homicides%20will%20fall", NARROW, False),
    ("/sources_and_checks", WIDE, True),
    ("/sources_and_checks", NARROW, False),
]


def violations(page: Page) -> list[str]:
    """What axe finds on the page as it is, a line each."""
    found = Axe().run(page, options=OPTIONS)
    return [
        f"{v['id']}: {node['html'][:160]}"
        for v in found.response["violations"]
        for node in v["nodes"]
    ]


def assert_accessible(page: Page, width: int) -> None:
    """No violation, and nothing so wide that one has to scroll sideways."""
    said = violations(page)
    assert not said, "\n".join(said)
    wide = page.evaluate("() => document.querySelector('[data-testid=stMain]').scrollWidth")
    assert wide <= width


def test_every_screen_is_seen_wide_and_on_a_phone() -> None:
    for width in (WIDE, NARROW):
        seen = {path.partition("?")[0].strip("/") for path, wide, _ in SEEN if wide == width}
        assert seen == {"", *(screen.file for screen in SCREENS[1:])}


@pytest.mark.parametrize(("path", "width", "dark"), SEEN)
def test_no_violation(visit: Callable[..., Page], path: str, width: int, dark: bool) -> None:
    assert_accessible(visit(path, width=width, dark=dark), width)


@pytest.mark.audit
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("path", sorted({path for path, _, _ in SEEN}))
def test_no_violation_whatever_theme_and_width(
    visit: Callable[..., Page], path: str, width: int, dark: bool
) -> None:
    assert_accessible(visit(path, width=width, dark=dark), width)
