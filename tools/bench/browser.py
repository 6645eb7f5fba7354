"""What a visitor waits for, in a real Chromium: a first screen, and a change of a filter.

A screen is there when its run has ended and nothing in it has changed for a while; the time is
that of the last change. The same rule holds for a bare page with one chart, which is served by
the same server.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from playwright.sync_api import Browser, Error, Page

from longevity.ui.navigation import SCREENS
from tests.drivers.browser_actions import choose
from tests.drivers.server import serving
from tools.bench.figures import Figures, find_percentile, write_value
from tools.bench.screens import FILTERS, STAYS_INSIDE
from tools.running import say, start_browser

WINDOW = {"width": 1440, "height": 900}
WAIT = 150_000  # the first visitor of ten million waits for the release to be opened
QUIET = 400  # milliseconds without a change: longer than any pause while a page is put up
UNCHANGED = 5000  # milliseconds after which a choice that changes nothing is taken for one
VISITS, CHANGES = 2, 3
BARE = Path(__file__).with_name("bare_chart.py")
Waits = tuple[float, list[float]]  # seconds of the first screen, and of each change

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
    found: dict[str, Waits] = {}
    with tempfile.TemporaryDirectory() as folder, start_browser() as browser:
        log = Path(folder) / "log"
        with serving(Path(folder), log, command=command) as server:
            bare = found["a bare page, one chart"] = _visit(browser, server.address, "City")
        with serving(home, log, pictures=True) as server:
            for screen in SCREENS:
                say(f"  {screen.title} …")
                address = f"{server.address}/{'' if screen is SCREENS[0] else screen.file}"
                try:
                    found[screen.title] = _visit(browser, address, FILTERS[screen.file][0])
                except (Error, AssertionError) as error:
                    figures.failed.append(f"{screen.title}: {str(error).splitlines()[0]}")
    rows = [["screen", "first visit", "of a bare page", "a change, p50", "slowest"]]
    for title, (first, changes) in found.items():
        shares = [write_value(find_percentile(changes, share), "ms") for share in (0.5, 1.0)]
        ratio = write_value(first / bare[0], "×")
        rows.append([title, write_value(first, "s"), ratio, *shares])
    figures.tables["in the browser"] = rows
    (_, *screens) = found.values()
    figures.values |= {
        "change": find_percentile([took for _, changes in screens for took in changes], 0.95),
        "opening": screens[0][0] / bare[0],
        "slowest": max(first for first, _ in screens) / bare[0],
    }


def _visit(browser: Browser, address: str, label: str) -> Waits:
    """Come to a page so many times as a newcomer; the last time, change this select box."""
    firsts, changes = [], []
    for number in range(VISITS):
        with closing(browser.new_context(viewport=WINDOW)) as context:
            page = context.new_page()
            page.set_default_timeout(WAIT)
            page.add_init_script(WATCH)
            firsts.append(_arrive(page, address))
            if number == VISITS - 1:
                changes = [*_change(page, label)]
    return find_percentile(firsts, 0.5), changes


def _arrive(page: Page, address: str) -> float:
    """Return the seconds from the address entered to the screen there."""
    page.goto(address, wait_until="commit")
    page.wait_for_function(IS_THERE)
    assert not page.query_selector("[data-testid=stException]"), "the page shows an error"
    return float(page.evaluate("window.seen.last")) / 1000


def _change(page: Page, label: str) -> Iterator[float]:
    """Choose what was not chosen yet; yield the seconds from the click to the screen."""
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
