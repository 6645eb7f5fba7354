"""What a visitor waits for, in a real Chromium: a first screen, and a change of a filter.

A screen is there when its run has ended and nothing in it has changed for a while; the time is
that of the last change. The same rule holds for a bare page with one chart, which is served by
the same server.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Error, Page, sync_playwright

from longevity.outputs import chromium
from longevity.ui.navigation import SCREENS
from tests.drivers.server import serving
from tools.bench.screens import CLAIMS, FILTERS

WIDE, TALL = 1440, 900
WAIT = 150_000  # the first visitor of ten million waits for the release to be opened
QUIET = 400  # milliseconds without a change: longer than any pause while a page is put up
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
  const begin = (event) => {
    if (event.type === 'click' || event.key === 'Enter') seen.began = performance.now();
  };
  document.addEventListener('keydown', begin, true);
  document.addEventListener('click', begin, true);
})();
"""

THERE = f"""
() => {{
  const app = document.querySelector('[data-testid=stApp]');
  return app && app.getAttribute('data-test-script-state') === 'notRunning'
    && document.querySelector('h1') && !document.querySelector('[data-testid=stSkeleton]')
    && window.seen.last > 0 && performance.now() - window.seen.last > {QUIET};
}}
"""

UNCHANGED = 5000  # milliseconds after which a choice that changes nothing is taken for one
CHANGED = THERE.replace(
    "window.seen.last > 0",
    "(window.seen.last > window.seen.began"
    f" || performance.now() - window.seen.began > {UNCHANGED})",
)


@dataclass
class Seen:
    """One screen in the browser; seconds each."""

    first: list[float] = field(default_factory=list)
    changes: list[float] = field(default_factory=list)
    failed: str = ""


@dataclass
class Waited:
    """What visitors waited: seconds."""

    screens: dict[str, Seen] = field(default_factory=dict)
    bare: Seen = field(default_factory=Seen)
    cold: float = float("nan")  # the very first visitor of a server just started
    cold_bare: float = float("nan")
    failed: str = ""


def measure(home: Path, visits: int, changes: int, say: Callable[[str], None]) -> Waited:
    """Every screen for `visits` new visitors, and `changes` of its filters in the browser."""
    waited = Waited()
    found = chromium.find_browser()
    if found is None:
        waited.failed = chromium.WHAT_TO_INSTALL
        return waited
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        flags = [*found.flags[1:]]
        started = driver.chromium.launch(executable_path=found.path, args=flags)
        try:
            _tried(waited, lambda: _bare(started, Path(folder), waited, visits, changes))
            with serving(home, Path(folder) / "log") as server:
                _tried(waited, lambda: setattr(waited, "cold", _first(started, server.address)))
                for screen in SCREENS:
                    say(f"  {screen.title} …")
                    seen = waited.screens[screen.file] = Seen()
                    try:
                        _screen(started, server.address, screen.file, seen, visits, changes)
                    except (Error, AssertionError) as error:
                        seen.failed = str(error).splitlines()[0]
        finally:
            started.close()
    return waited


def _tried(waited: Waited, work: Callable[[], None]) -> None:
    """What breaks is said, and the screens are still measured."""
    try:
        work()
    except (Error, AssertionError) as error:
        waited.failed = str(error).splitlines()[0]


def _bare(browser: Browser, folder: Path, waited: Waited, visits: int, changes: int) -> None:
    command = ["-m", "tools.bench.bare_server", str(BARE), "{port}"]
    with serving(folder, folder / "log", command=command) as server:
        waited.cold_bare = _first(browser, server.address)
        _visit(browser, server.address, "City", waited.bare, max(3, visits), changes)


@contextmanager
def _newcomer(browser: Browser) -> Iterator[Page]:
    """A visitor who was never here: nothing is in the browser's store."""
    context = browser.new_context(viewport={"width": WIDE, "height": TALL})
    try:
        page = context.new_page()
        page.set_default_timeout(WAIT)
        page.add_init_script(WATCH)
        yield page
    finally:
        context.close()


def _first(browser: Browser, address: str) -> float:
    """Seconds from the address entered to the screen there."""
    with _newcomer(browser) as page:
        return _arrive(page, address)


def _arrive(page: Page, address: str) -> float:
    page.goto(address, wait_until="commit")
    page.wait_for_function(THERE)
    return float(page.evaluate("window.seen.last")) / 1000


def _screen(
    browser: Browser, address: str, name: str, seen: Seen, visits: int, changes: int
) -> None:
    link = "" if name == SCREENS[0].file else name
    label = next(one for one in FILTERS[name] if one != CLAIMS)
    _visit(browser, f"{address}/{link}", label, seen, visits, changes)


def _visit(
    browser: Browser, address: str, label: str, seen: Seen, visits: int, changes: int
) -> None:
    """Come to a page so many times; the last time, change the select box of this label."""
    for at in range(visits):
        with _newcomer(browser) as page:
            seen.first.append(_arrive(page, address))
            assert not page.query_selector("[data-testid=stException]"), "the page shows an error"
            if at == visits - 1:
                _changes(page, label, seen, changes)


def _changes(page: Page, label: str, seen: Seen, changes: int) -> None:
    draw = random.Random(label)
    made = {_chosen(page, label)}
    for _ in range(changes):
        taken = _choose(page, label, made, draw)
        if taken is None:
            return
        if taken > 0:  # the same words for another city are no change to wait for
            seen.changes.append(taken)


def _choose(page: Page, label: str, made: set[str], draw: random.Random) -> float | None:
    """Choose in a select box what was not chosen before; seconds from the key to the screen.

    Not above zero where nothing changed; None where nothing is left to choose.
    """
    box = page.get_by_test_id("stSelectbox").filter(has_text=label).locator("input")
    box.click()
    page.wait_for_selector("[role=option]")
    offered = [one.strip() for one in page.locator("[role=option]").all_inner_texts()]
    fresh = [one for one in offered if one not in made and not one.endswith("inside)")]
    if not fresh:
        page.keyboard.press("Escape")
        return None
    words = draw.choice(fresh)
    made.add(words)
    box.fill(words)
    # Enter before what fits is offered would choose nothing.
    page.get_by_role("option").filter(has_text=words).first.wait_for()
    page.wait_for_timeout(100)
    page.keyboard.press("Enter")
    page.wait_for_function(CHANGED)
    return float(page.evaluate("window.seen.last - window.seen.began")) / 1000


def _chosen(page: Page, label: str) -> str:
    box = page.get_by_test_id("stSelectbox").filter(has_text=label)
    return str(box.locator("input").input_value() or box.inner_text().split("\\n")[-1])
