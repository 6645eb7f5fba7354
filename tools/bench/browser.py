"""What a visitor waits for, in a real Chromium: a first screen, and a change of a filter.

A screen is there when its run has ended and nothing in it has changed for a while; the time is
that of the last change. The same rule holds for a bare page with one chart, which is served by
the same server.
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pandas as pd
from playwright.sync_api import Browser, Error, Page, ViewportSize

from longevity.ui.screens import SCREENS
from tests.drivers.browser_actions import choose
from tests.drivers.server import serving
from tools.bench.figures import Figures, write_value
from tools.running import say, start_browser

WINDOW: ViewportSize = {"width": 1440, "height": 900}
WAIT = 150_000  # the first visitor of ten million waits for the release to be opened
QUIET = 400  # milliseconds without a change: longer than any pause while a page is put up
UNCHANGED = 5000  # milliseconds after which a choice that changes nothing is taken for one
VISITS, CHANGES = 2, 3  # of a page by a new visitor, and of its filter
BARE = Path(__file__).with_name("bare_chart.py")

# What a visitor changes on each screen; a screen without filters is changed by who looks.
FILTERS = {
    "briefing": "What is counted",
    "this_week": "City",
    "map": "City",
    "compare_cities": "What is counted",
    "evidence": "City",
    "call_ins": "City",
    "follow_up": "City",
    "support": "City",
    "press_desk": "Chart",
    "claim_check": "Where",
    "sources": "View as",
}
STAYS_INSIDE = "inside)"  # the end of the name of a chart that may not be drawn for anybody

# Notes the time of every change in the page's own part, and of the last click.
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
  document.addEventListener('click', () => { seen.began = performance.now(); }, true);
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


def measure(home: Path, figures: Figures) -> None:
    """Measure every screen for some new visitors, of whom the last changes a filter."""
    command = ["-m", "tools.server", "{port}", "--script", str(BARE)]
    visits: dict[str, tuple[float, pd.Series[float]]] = {}
    with tempfile.TemporaryDirectory() as folder, start_browser() as browser:
        log = Path(folder) / "log"
        with serving(Path(folder), log, command=command) as server:
            bare, _ = _visit(browser, server.address, "City")
        with serving(home, log, pictures=True) as server:
            for screen in SCREENS:
                say(f"  {screen.title} …")
                link = "" if screen is SCREENS[0] else screen.name
                address = f"{server.address}/{link}"
                try:
                    visits[screen.title] = _visit(browser, address, FILTERS[screen.name])
                except (Error, AssertionError) as error:
                    figures.failed.append(f"{screen.title}: {str(error).splitlines()[0]}")
    of_bare = {title: first / bare for title, (first, _) in visits.items()}
    changes = [took for _, found in visits.values() for took in found]
    figures.values |= {
        "change": pd.Series(changes, dtype=float).quantile(0.95),
        "bare": bare,
        "opening": of_bare.get(SCREENS[0].title, math.nan),
        "slowest": max(of_bare.values(), default=math.nan),
    }
    head = ["screen", "first visit", "of a bare page", "a change, p50", "slowest"]
    rows = [
        [title, write_value(first, "s"), write_value(of_bare[title], "×")]
        + [write_value(took, "ms") for took in (found.median(), found.max())]
        for title, (first, found) in visits.items()
    ]
    figures.tables["in the browser"] = [head, *rows]


def _arrive(page: Page, address: str) -> float:
    """Go to an address; return the seconds until the screen is there."""
    page.goto(address, wait_until="commit")
    page.wait_for_function(IS_THERE)
    assert not page.query_selector("[data-testid=stException]"), "the page shows an error"
    return float(page.evaluate("window.seen.last")) / 1000


def _visit(browser: Browser, address: str, label: str) -> tuple[float, pd.Series[float]]:
    """Come to a page so many times; the last time, change the select box of this label.

    Each time as a visitor who was never here: nothing is in the browser's store. Returns the
    seconds of the fastest visit, as the first may have to open the release, and those of each
    change.
    """
    firsts = []
    for left in reversed(range(VISITS)):
        with closing(browser.new_context(viewport=WINDOW)) as context:
            page = context.new_page()
            page.set_default_timeout(WAIT)
            page.add_init_script(WATCH)
            firsts.append(_arrive(page, address))
            changes = [] if left else [*_change(page, label)]
    return min(firsts), pd.Series(changes, dtype=float)


def _change(page: Page, label: str) -> Iterator[float]:
    """Choose what was not chosen yet, a few times; yield the seconds until the screen is there."""
    page.get_by_role("combobox", name=label).click()
    page.wait_for_selector("[role=option]")
    offered = [words.strip() for words in page.locator("[role=option]").all_inner_texts()]
    page.keyboard.press("Escape")
    for words in [words for words in offered if not words.endswith(STAYS_INSIDE)][1 : CHANGES + 1]:
        choose(page, label, words)
        page.wait_for_function(IS_THERE)
        took = float(page.evaluate("window.seen.last - window.seen.began")) / 1000
        if took > 0:  # the same words for another city are no change to wait for
            yield took
