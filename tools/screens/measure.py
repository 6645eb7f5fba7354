"""Every screen and tab, wide and on a phone, as one viewer after another."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Error, Locator, Page

from longevity.ui.navigation import SCREENS, Screen
from tests.drivers.browser_actions import settle
from tests.drivers.browser_walk import Walk, await_drawing, set_theme, start_walk
from tests.drivers.server import Server
from tools.screens.page import PageFigures, count_words, read_page
from tools.screens.targets import TabFigures

WIDE, PHONE = (1440, 900), (390, 844)
NAMES = {WIDE: "wide", PHONE: "phone"}
LONGEST_PICTURE = 16_000  # pixels
WAIT = 60_000  # ms, for one screen or tab
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


@dataclass
class Measurement:
    """What is measured: the dashboard served, until when, and where pictures go."""

    browser: Browser
    server: Server
    city: str  # the name of the city that looks
    until: float  # of time.monotonic
    pictures: Path | None
    report: Callable[[str], None]

    def measure_viewer(self, viewer: str) -> list[TabFigures]:
        """Return the figures of every tab of every screen as this viewer first sees it.

        Each screen is come to in a visit of its own, for filters go along from one to the next,
        and with the hint that a newcomer reads. What fails, or is not come to in time, is said in
        its place.
        """
        tabs: list[TabFigures] = []
        for screen in SCREENS:
            if time.monotonic() > self.until:
                tabs.append(TabFigures(screen.title, "", True, trouble="not measured: out of time"))
                continue
            self.report(f"  {viewer}: {screen.title} …")
            try:
                with start_walk(self.browser, self.server, self.city) as walk:
                    tabs += self._measure_screen(walk, viewer, screen)
            except (Error, AssertionError) as error:
                trouble = f"failed: {str(error).splitlines()[0]}"
                tabs.append(TabFigures(screen.title, "", True, trouble=trouble))
        return tabs

    def _measure_screen(self, walk: Walk, viewer: str, screen: Screen) -> Iterator[TabFigures]:
        path = "/" if screen is SCREENS[0] else f"/{screen.file}"
        page = walk.to(path, viewer)
        page.set_default_timeout(WAIT)
        first: set[str] = set()
        for place, tab in enumerate(find_tabs(page) or [None]):
            if tab is not None:
                open_tab(page, tab)
            figures: dict[tuple[int, int], PageFigures] = {}
            texts: dict[tuple[int, int], list[str]] = {}
            for size in (WIDE, PHONE):
                resize_window(page, size)
                figures[size], texts[size] = read_page(page)
                self._write_picture(page, f"{viewer}-{screen.file}-{place + 1}", "light", size)
            resize_window(page, WIDE)
            title = "" if tab is None else read_tab(tab)
            again = sum(count_words(text) for text in texts[WIDE] if text in first)
            first = first or set(texts[WIDE])
            yield TabFigures(
                *(screen.title, title, place == 0, figures[WIDE], figures[PHONE]),
                words_again=again,
            )
        if self.pictures:
            change_theme(page, dark=True)
            for place, tab in enumerate(find_tabs(page) or [None]):
                if tab is not None:
                    open_tab(page, tab)
                for size in (WIDE, PHONE):
                    resize_window(page, size)
                    self._write_picture(page, f"{viewer}-{screen.file}-{place + 1}", "dark", size)
                resize_window(page, WIDE)

    def _write_picture(self, page: Page, name: str, theme: str, size: tuple[int, int]) -> None:
        """Write the whole page as a picture: the window is made as tall as the page for it."""
        if not self.pictures:
            return
        height = page.evaluate("() => document.querySelector('[data-testid=stMain]').scrollHeight")
        resize_window(page, (size[0], min(max(height, size[1]), LONGEST_PICTURE)))
        page.screenshot(path=self.pictures / f"{name}-{NAMES[size]}-{theme}.png")


def resize_window(page: Page, size: tuple[int, int]) -> None:
    """Give the page a window of this size, and wait until it lies still in it."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    await_drawing(page)
    page.evaluate(SETTLED)


def change_theme(page: Page, dark: bool) -> None:
    """Change the theme, and run the page again: charts have the theme of the run that sent them."""
    set_theme(page, dark)
    page.keyboard.press("r")  # Streamlit's own key
    page.wait_for_timeout(300)  # until the run has begun
    await_drawing(page)


def find_tabs(page: Page) -> list[Locator]:
    """Return the tabs of the screen itself, not those within one of them."""
    main = page.get_by_test_id("stMain")
    if not main.get_by_role("tablist").count():
        return []
    return main.get_by_role("tablist").first.get_by_role("tab").all()


def open_tab(page: Page, tab: Locator) -> None:
    """Open a tab, and wait until the run that fills it has ended."""
    if tab.get_attribute("aria-selected") != "true":
        tab.click()
        page.wait_for_timeout(200)  # until the run has begun
    settle(page)
    await_drawing(page)


def read_tab(tab: Locator) -> str:
    """Return a tab's words, without its icon."""
    words: str = tab.evaluate(
        "tab => { const copy = tab.cloneNode(true);"
        " copy.querySelectorAll('[data-testid=stIconMaterial]').forEach(one => one.remove());"
        " return copy.textContent.trim(); }"
    )
    return words
