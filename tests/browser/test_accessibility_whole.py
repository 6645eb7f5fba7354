"""The whole of screen × viewer × theme × width under axe, and states that take a few clicks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import product

import pytest
from playwright.sync_api import Browser, Page

from longevity.settings import Settings
from longevity.ui.navigation import SCREENS
from tests.drivers.browser_walk import (
    NARROW,
    VIEWERS,
    WIDE,
    Walk,
    await_drawing,
    pixels_too_wide,
    start_walk,
    violations,
)
from tests.drivers.server import Server

pytestmark = [pytest.mark.audit, pytest.mark.browser]

LOOKS = list(product((False, True), (WIDE, NARROW)))
HEADS = ["light 1440", "light 390", "dark 1440", "dark 390"]


def open_folds(page: Page) -> None:
    """The first dozen; the others are of the same parts."""
    for fold in page.locator("[data-testid=stMain] [data-testid=stExpander] summary").all()[:12]:
        fold.click()
    page.wait_for_timeout(500)


def open_list(page: Page) -> None:
    """The list of the first select box, which lies over the page on a phone too."""
    box = page.locator("[data-testid=stMain] [role=combobox]").first
    box.click()
    page.locator("[role=listbox]").wait_for()


def open_menu(page: Page) -> None:
    """Streamlit's own menu."""
    page.get_by_test_id("stMainMenuButton").click()
    page.wait_for_timeout(300)


def close(page: Page) -> None:
    """Shut what lies over the page."""
    page.keyboard.press("Escape")


STATES: list[tuple[str, str, Callable[[Page], None] | None]] = [
    ("folds open, Call-ins", "/call_ins", open_folds),
    ("folds open, Neighbourhoods", "/neighbourhoods?city=hartford", open_folds),
    ("folds open, Sources", "/sources_and_checks", open_folds),
    ("an area open", "/neighbourhoods?city=hartford&area=hartford/Northeast", None),
    ("points shown", "/neighbourhoods?points=show", None),
    ("a change on the map", "/neighbourhoods?show=change", None),
    ("a value not accepted", "/neighbourhoods?city=atlantis", None),
    ("a chart to press", "/press_charts?chart=ledger", None),
    ("a chart that stays inside", "/press_charts?chart=call-in-funnel", None),
    ("list of charts open", "/press_charts", open_list),
    ("menu open", "/", open_menu),
    ("claim supported or not", "/claim_check?claim=Homicides%20are%20up", None),
    ("claim not understood", "/claim_check?claim=Homicides%20will%20fall", None),
    ("another city's week", "/weekly_review?city=hartford", None),
    ("homicides", "/compare_cities?measure=homicides", None),
]


@pytest.fixture(scope="module")
def walk(browser: Browser, server: Server, published: Settings) -> Iterator[Walk]:
    """One session a viewer."""
    first = next(iter(published.cities.values()))
    with start_walk(browser, server, first.name) as begun:
        yield begun


def told(name: str, counts: list[list[int]]) -> str:
    """A line of the table: of each look the violations seen by each viewer."""
    return f"{name:<28}" + "".join(f"{' '.join(map(str, each)):>12}" for each in counts)


def test_no_violation_on_any_screen_for_any_viewer_in_any_look(walk: Walk) -> None:
    found: dict[str, list[str]] = defaultdict(list)
    print(f"\naxe violations; of each look as {', '.join(VIEWERS)}")
    print(f"{'screen':<28}" + "".join(f"{head:>12}" for head in HEADS))
    for at, screen in enumerate(SCREENS):
        path = "/" if at == 0 else f"/{screen.file}"
        counts: list[list[int]] = []
        for dark, width in LOOKS:
            counts.append([])
            for viewer in VIEWERS:
                page = walk.to(path, viewer, width, dark)
                said = violations(page)
                if pixels_too_wide(page) > 0:
                    said.append("scrolls sideways")
                for tab in page.get_by_role("tab").all_inner_texts()[1:]:
                    page.get_by_role("tab", name=tab, exact=True).click()
                    await_drawing(page)
                    said += [f"{tab}: {one}" for one in violations(page)]
                    if pixels_too_wide(page) > 0:
                        said.append(f"{tab} scrolls sideways")
                counts[-1].append(len(said))
                found[f"{path} {viewer} {width} {dark}"] += said
        print(told(screen.title, counts), flush=True)
    assert not any(found.values()), {where: said for where, said in found.items() if said}


def test_no_violation_in_states_that_take_a_click(walk: Walk) -> None:
    found: dict[str, list[str]] = defaultdict(list)
    print(f"\naxe violations as the state\n{'state':<28}" + "".join(f"{h:>12}" for h in HEADS))
    for name, path, act in STATES:
        counts = []
        for dark, width in LOOKS:
            page = walk.to(path, "state", width, dark)
            if act:
                act(page)
                await_drawing(page)
            said = violations(page)
            counts.append([len(said)])
            found[f"{name} {width} {dark}"] += said
            close(page)
            walk.to("/claim_check")  # so that the next look begins anew
        print(told(name, counts), flush=True)
    assert not any(found.values()), {where: said for where, said in found.items() if said}
