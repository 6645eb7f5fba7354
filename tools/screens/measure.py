"""Every screen and tab, wide and on a phone, as one viewer sees it first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Error, Locator, Page

from longevity.ui.navigation import SCREENS, Screen
from tests.drivers.browser_walk import await_drawing, start_walk
from tests.drivers.server import Server
from tools.running import say

WIDE, PHONE = (1440, 900), (390, 844)
NAMES = {WIDE: "wide", PHONE: "phone"}
LONGEST_PICTURE = 16_000  # pixels
WAIT = 60_000  # ms, for one screen or tab
READ = Path(__file__).with_name("read_page.js").read_text(encoding="utf-8")
LETTERS = re.compile(r"[^\W_]")
# Select boxes that choose for one card or for the whole visit, not for the screen.
NO_FILTERS = re.compile(r"View as|Published figure|Show \w")
SETTLED = """() => new Promise(done => {
    const main = document.querySelector("[data-testid=stMain]");
    let last = -1, same = 0;
    const look = () => {
        same = main.scrollHeight === last ? same + 1 : 0;
        last = main.scrollHeight;
        same > 3 ? done() : setTimeout(look, 80);
    };
    look();
})"""
NAME_OF_TAB = """tab => {
    const copy = tab.cloneNode(true);
    copy.querySelectorAll('[data-testid=stIconMaterial]').forEach(icon => icon.remove());
    return copy.textContent.trim();
}"""


@dataclass(frozen=True)
class PageFigures:
    """The figures of one page at one width; pixels where no unit is said.

    `answer_top` is None on a page without an answer.
    """

    height: float = 0
    screenfuls: float = 0
    answer_top: float | None = None
    width: float = 0
    words: int = 0
    charts: int = 0
    hidden_filters: int = 0


@dataclass(frozen=True)
class Tab:
    """One tab of one screen, wide and on a phone; `trouble` says why it was not measured."""

    screen: str
    name: str = ""
    is_first: bool = True
    wide: PageFigures = PageFigures()
    phone: PageFigures = PageFigures()
    trouble: str = ""


def measure_viewer(
    browser: Browser,
    server: Server,
    city: str,
    viewer: str,
    screens: Sequence[Screen],
    pictures: Path | None,
) -> list[Tab]:
    """Return the figures of every tab of these screens as this viewer first sees it.

    Each screen is come to in a visit of its own, for filters go along from one to the next, and
    with the hint that a newcomer reads. What fails is said, and the others are measured.
    """
    tabs: list[Tab] = []
    for screen in screens:
        say(f"  {viewer}: {screen.title} …")
        try:
            with start_walk(browser, server, city) as walk:
                page = walk.to("/" if screen is SCREENS[0] else f"/{screen.file}", viewer)
                page.set_default_timeout(WAIT)
                file = pictures / f"{viewer}-{screen.file}" if pictures else None
                tabs += _measure_screen(page, screen, file)
        except (Error, AssertionError) as error:
            tabs.append(Tab(screen.title, trouble=f"failed: {str(error).splitlines()[0]}"))
    return tabs


def _measure_screen(page: Page, screen: Screen, picture: Path | None) -> Iterator[Tab]:
    for place, tab in enumerate(_find_tabs(page) or [None]):
        if tab is not None and tab.get_attribute("aria-selected") != "true":
            tab.click()
            page.wait_for_timeout(200)  # until the run has begun
        figures = {}
        for size in (WIDE, PHONE):
            _resize(page, size)
            figures[size] = read_page(page)
            if picture is not None:
                file = picture.with_name(f"{picture.name}-{place + 1}-{NAMES[size]}.png")
                _write_picture(page, file, size)
        _resize(page, WIDE)
        name = "" if tab is None else str(tab.evaluate(NAME_OF_TAB))
        yield Tab(screen.title, name, place == 0, figures[WIDE], figures[PHONE])


def _find_tabs(page: Page) -> list[Locator]:
    """Return the tabs of the screen itself, not those within one of them."""
    lists = page.get_by_test_id("stMain").get_by_role("tablist")
    return lists.first.get_by_role("tab").all() if lists.count() else []


def _resize(page: Page, size: tuple[int, int]) -> None:
    """Give the page a window of this size, and wait until it lies still in it."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    await_drawing(page)
    page.evaluate(SETTLED)


def _write_picture(page: Page, file: Path, size: tuple[int, int]) -> None:
    """Write the whole page as a picture: the window is made as tall as the page for it."""
    height = page.evaluate("() => document.querySelector('[data-testid=stMain]').scrollHeight")
    _resize(page, (size[0], min(max(height, size[1]), LONGEST_PICTURE)))
    page.screenshot(path=file)


def read_page(page: Page) -> PageFigures:
    """Return the figures of the page as it is."""
    seen = page.evaluate(READ)
    words = [word for text in seen["texts"] for word in text.split()]
    return PageFigures(
        height=seen["height"],
        screenfuls=seen["height"] / seen["window"],
        answer_top=seen["answerTop"],
        width=seen["right"] - seen["left"],
        words=sum(LETTERS.search(word) is not None for word in words),
        charts=seen["charts"],
        hidden_filters=_count_hidden(seen["filters"]),
    )


def _count_hidden(boxes: Sequence[dict[str, Any]]) -> int:
    """Count filters out of sight; where they are folded, the fold is the one filter."""
    folded = [box["inSight"] for box in boxes if box["folded"]]
    single = [
        box["inSight"] for box in boxes if not box["folded"] and not NO_FILTERS.match(box["label"])
    ]
    seen = folded if any(folded) and not any(single) else single
    return seen.count(False)
