"""What a visitor waits for, in a real Chromium: a first screen, and a change of a filter.

A screen is there when its run has ended and nothing in it has changed for a while; the time is
that of the last change. The same rule holds for a bare page with one chart, which is served by
the same server.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Error, Page

from longevity.ui.navigation import SCREENS
from tests.drivers.server import serving
from tools.bench.screens import FILTERS, STAYS_INSIDE
from tools.bench.targets import (
    Figures,
    find_percentile,
    write_milliseconds,
    write_seconds,
    write_times,
)
from tools.running import say, start_browser

WINDOW = {"width": 1440, "height": 900}
WAIT = 150_000  # the first visitor of ten million waits for the release to be opened
QUIET = 400  # milliseconds without a change: longer than any pause while a page is put up
UNCHANGED = 5000  # milliseconds after which a choice that changes nothing is taken for one
VISITS, CHANGES = 2, 3
BARE = Path(__file__).with_name("bare_chart.py")

# Notes the time of every change in the page's own part.
WATCH = """
(() => {
  const seen = window.seen = { last: 0, began: 0 };
  const inside = (node) => {
    const at = node.nodeType === 1 ? node : node.parentElement;
    return at && at.closest('[data-testid=stMain]');
  };
  new MutationObserver((changes) => {
    if (changes.some((one) => inside(one.target))) seen.last = performance.now();
  }).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') seen.began = performance.now();
  }, true);
})();
"""
IS_THERE = f"""
() => {{
  const app = document.querySelector('[data-testid=stApp]');
  const {{ last, began }} = window.seen;
  return app && app.getAttribute('data-test-script-state') === 'notRunning'
    && document.querySelector('h1') && !document.querySelector('[data-testid=stSkeleton]')
    && performance.now() - last > {QUIET}
    && (last > began || performance.now() - began > {UNCHANGED});
}}
"""


@dataclass
class Waits:
    """One page in the browser; seconds each."""

    first: list[float] = field(default_factory=list)
    changes: list[float] = field(default_factory=list)

    def describe(self, title: str, bare: float) -> list[str]:
        """Return its line of the table."""
        first = find_percentile(self.first, 0.5)
        changes = [write_milliseconds(find_percentile(self.changes, at)) for at in (0.5, 1.0)]
        return [title, write_seconds(first), write_times(first / bare), *changes]


def measure(home: Path, figures: Figures) -> None:
    """Measure every screen for some new visitors, of whom the last changes a filter."""
    command = ["-m", "tools.server", "{port}", "--script", str(BARE)]
    screens: dict[str, Waits] = {}
    with tempfile.TemporaryDirectory() as folder, start_browser() as browser:
        log = Path(folder) / "log"
        with serving(Path(folder), log, command=command) as server:
            cold_bare = _wait_for_first(browser, server.address)
            bare_page = _visit(browser, server.address, "City", VISITS + 1)
        with serving(home, log) as server:
            cold = _wait_for_first(browser, server.address)
            for screen in SCREENS:
                say(f"  {screen.title} …")
                link = "" if screen is SCREENS[0] else screen.file
                address = f"{server.address}/{link}"
                try:
                    screens[screen.title] = _visit(browser, address, FILTERS[screen.file][0])
                except (Error, AssertionError) as error:
                    figures.failed.append(f"{screen.title}: {str(error).splitlines()[0]}")
    bare = find_percentile(bare_page.first, 0.5)
    openings = {title: find_percentile(waits.first, 0.5) for title, waits in screens.items()}
    figures.values |= {
        "change": find_percentile(
            [took for waits in screens.values() for took in waits.changes], 0.95
        ),
        "opening": openings.get(SCREENS[0].title, float("nan")) / bare,
        "opening_cold": cold / cold_bare,
        "slowest": max(openings.values()) / bare,
    }
    rows = [
        bare_page.describe("a bare page, one chart", bare),
        ["the server just started", write_seconds(cold), write_times(cold / cold_bare), "", ""],
        *(waits.describe(title, bare) for title, waits in screens.items()),
    ]
    head = ["screen", "first visit", "of a bare page", "a change, p50", "slowest"]
    figures.tables.append(("in the browser", head, rows))


@contextmanager
def _open_page(browser: Browser) -> Iterator[Page]:
    """Open a page as a visitor who was never here: nothing is in the browser's store."""
    context = browser.new_context(viewport=WINDOW)
    try:
        page = context.new_page()
        page.set_default_timeout(WAIT)
        page.add_init_script(WATCH)
        yield page
    finally:
        context.close()


def _wait_for_first(browser: Browser, address: str) -> float:
    with _open_page(browser) as page:
        return _arrive(page, address)


def _arrive(page: Page, address: str) -> float:
    """Return the seconds from the address entered to the screen there."""
    page.goto(address, wait_until="commit")
    page.wait_for_function(IS_THERE)
    assert not page.query_selector("[data-testid=stException]"), "the page shows an error"
    return float(page.evaluate("window.seen.last")) / 1000


def _visit(browser: Browser, address: str, label: str, visits: int = VISITS) -> Waits:
    """Come to a page so many times; the last time, change the select box of this label."""
    waits, dice = Waits(), random.Random(label)
    for left in reversed(range(visits)):
        with _open_page(browser) as page:
            waits.first.append(_arrive(page, address))
            made: set[str] = set()
            for _ in range(0 if left else CHANGES):
                took = _choose(page, label, made, dice)
                if took > 0:  # the same words for another city are no change to wait for
                    waits.changes.append(took)
    return waits


def _choose(page: Page, label: str, made: set[str], dice: random.Random) -> float:
    """Choose in a select box what was not chosen before; seconds from the key to the screen.

    Not above zero where nothing changed, or nothing is left to choose.
    """
    box = page.get_by_test_id("stSelectbox").filter(has_text=label).locator("input")
    box.click()
    page.wait_for_selector("[role=option]")
    offered = [one.strip() for one in page.locator("[role=option]").all_inner_texts()]
    shown = box.input_value()
    fresh = [one for one in offered if one not in made | {shown} and not one.endswith(STAYS_INSIDE)]
    if not fresh:
        page.keyboard.press("Escape")
        return 0.0
    words = dice.choice(fresh)
    made |= {words, shown}
    box.fill(words)
    # Enter before what fits is offered would choose nothing.
    page.get_by_role("option").filter(has_text=words).first.wait_for()
    page.wait_for_timeout(100)
    page.keyboard.press("Enter")
    page.wait_for_function(IS_THERE)
    return float(page.evaluate("window.seen.last - window.seen.began")) / 1000
