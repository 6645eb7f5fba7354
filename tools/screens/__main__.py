"""Measure every screen and tab against the aims for it, in a browser, wide and on a phone.

Prints Markdown: for each viewer the figures of every tab, and the worst of each against its aim.
`city` is the first city of the configuration. What fails is said, and the others are measured.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Error, Page

from longevity import settings as configuration
from longevity.ui.navigation import SCREENS, Screen
from tests.drivers.browser_walk import VIEWERS, await_drawing, start_walk
from tools.running import say, serve_demonstration, start_browser
from tools.table import write_table

SIZES = {"wide": (1440, 900), "phone": (390, 844)}
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
# The most a figure may be; the width is the least. Charts are counted on every tab, all else on the
# first of each screen.
AIMS = {
    "drawn after, s": 2.0,
    "screenfuls": 2.5,
    "answer at, px": 190,
    "width, px": 1120,
    "charts": 4,
    "filters out of sight": 0,
    "on a phone": 0,
    "phone, px": 4500,
}
LEAST, OF_ALL_TABS, WORDS = "width, px", "charts", "words"
MOST_WORDS = {"words of first tabs": 5000, "words of all tabs": 9000}
Tab = dict[str, Any]  # screen, name, is_first, and figures by their names


def main() -> int:
    """Measure, and print what was measured."""
    files = [screen.file for screen in SCREENS]
    parser = argparse.ArgumentParser(prog="python -m tools.screens", description=__doc__)
    parser.add_argument("--home", type=Path, help="a published home; else the demonstration")
    parser.add_argument("--viewers", nargs="+", choices=list(VIEWERS), default=list(VIEWERS))
    parser.add_argument("--screens", nargs="+", choices=files, default=files)
    parser.add_argument("--pictures", type=Path, help="where pictures of every tab go")
    asked = parser.parse_args()
    if asked.pictures:
        asked.pictures.mkdir(parents=True, exist_ok=True)
    with start_browser() as browser, serve_demonstration(asked.home) as server:
        city = next(iter(configuration.load_settings(home=server.home).cities.values())).name
        for viewer in asked.viewers:
            tabs: list[Tab] = []
            for screen in (screen for screen in SCREENS if screen.file in asked.screens):
                say(f"  {viewer}: {screen.title} …")
                picture = asked.pictures and asked.pictures / f"{viewer}-{screen.file}"
                try:
                    # A visit of its own, for filters go along from one screen to the next.
                    with start_walk(browser, server, city) as walk:
                        is_first = screen is SCREENS[0]
                        walk.to("/sources" if is_first else "/", viewer)
                        began = time.perf_counter()
                        page = walk.to("/" if is_first else f"/{screen.file}", viewer)
                        seconds = time.perf_counter() - began
                        tabs += measure_screen(page, screen, seconds, picture)
                except (Error, AssertionError) as error:
                    trouble = f"failed: {str(error).splitlines()[0]}"
                    tabs.append({"screen": screen.title, "name": trouble, "is_first": True})
            print(f"## As {viewer}\n\n{write_tables(tabs)}\n", flush=True)
    return 0


def measure_screen(
    page: Page, screen: Screen, seconds: float, picture: Path | None
) -> Iterator[Tab]:
    """Yield every tab of a screen, wide and on a phone, as this viewer sees it first.

    `seconds`: from another screen until it was drawn.
    """
    page.set_default_timeout(WAIT)
    # The tabs of the screen itself, not those within one of them.
    lists = page.get_by_test_id("stMain").get_by_role("tablist")
    found = lists.first.get_by_role("tab").all() if lists.count() else [None]
    for place, tab in enumerate(found):
        if tab is not None and tab.get_attribute("aria-selected") != "true":
            tab.click()
            page.wait_for_timeout(200)  # until the run has begun
        seen = {}
        for name, size in SIZES.items():
            _resize(page, size)
            seen[name] = page.evaluate(READ)
            if picture is not None:
                # The whole page: the window is made as tall as the page for it.
                _resize(page, (size[0], min(max(seen[name]["height"], size[1]), LONGEST_PICTURE)))
                page.screenshot(path=f"{picture}-{place + 1}-{name}.png")
        _resize(page, SIZES["wide"])
        yield {
            "screen": screen.title,
            "name": "" if tab is None else tab.inner_text().splitlines()[-1].strip(),
            "is_first": place == 0,
            **_name_figures(seconds, **seen),
        }


def _resize(page: Page, size: tuple[int, int]) -> None:
    """Give the page a window of this size, and wait until it lies still in it."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    await_drawing(page)
    page.evaluate(SETTLED)


def _name_figures(seconds: float, wide: dict[str, Any], phone: dict[str, Any]) -> Tab:
    """Return the figures of a tab by the names that aims have; a page may have no answer."""
    words = [word for text in wide["texts"] for word in text.split()]
    return {
        "drawn after, s": seconds,
        "screenfuls": wide["height"] / wide["window"],
        "answer at, px": wide["answerTop"],
        "width, px": wide["right"] - wide["left"],
        "charts": wide["charts"],
        "filters out of sight": _count_hidden(wide["filters"]),
        "on a phone": _count_hidden(phone["filters"]),
        "phone, px": phone["height"],
        WORDS: sum(LETTERS.search(word) is not None for word in words),
    }


def _count_hidden(boxes: list[dict[str, Any]]) -> int:
    """Count filters out of sight; where they are folded, the fold is the one filter."""
    folded = [box["inSight"] for box in boxes if box["folded"]]
    single = [
        box["inSight"] for box in boxes if not box["folded"] and not NO_FILTERS.match(box["label"])
    ]
    return (folded if any(folded) and not any(single) else single).count(False)


def write_tables(tabs: list[Tab]) -> str:
    """Return what one viewer sees as two tables: every tab, and the worst by aim."""
    rows = [
        [tab["screen"], tab["name"], *(_write(_find(tab, aim), aim) for aim in (*AIMS, WORDS))]
        for tab in tabs
    ]
    worst = []
    for aim, limit in AIMS.items():
        found = [(value, tab) for tab in tabs if (value := _find(tab, aim)) is not None]
        if found:
            pick = min if aim == LEAST else max
            value, tab = pick(found, key=lambda pair: pair[0])
            goal = f"{'≥' if aim == LEAST else '≤'} {limit:,}"
            worst.append([aim, goal, _write(value, aim), f"{tab['screen']} {tab['name']}".strip()])
    for name, most in MOST_WORDS.items():
        counted = [tab for tab in tabs if tab["is_first"] or name.endswith("all tabs")]
        words = sum(tab.get(WORDS, 0) for tab in counted)
        mark = " ✗" if words > most else ""
        worst.append([name, f"≤ {most:,}", f"{words:,}{mark}", "all screens measured"])
    head = ("screen", "tab", *AIMS, WORDS)
    return f"{write_table(head, rows)}\n\n{write_table(('aim', 'goal', 'worst', 'where'), worst)}"


def _find(tab: Tab, aim: str) -> float | None:
    """Return the figure of a tab that an aim is for; None of any other."""
    is_for = tab["is_first"] or aim in (OF_ALL_TABS, WORDS)
    found: float | None = tab.get(aim) if is_for else None
    return found


def _write(value: float | None, aim: str) -> str:
    """Write a number, with a mark where it misses its aim."""
    if value is None:
        return "–"
    limit = AIMS.get(aim, value)
    is_missed = value < limit if aim == LEAST else value > limit
    number = f"{value:,.1f}" if value != round(value) and value < 100 else f"{value:,.0f}"
    return f"{number}{' ✗' if is_missed else ''}"


if __name__ == "__main__":
    sys.exit(main())
