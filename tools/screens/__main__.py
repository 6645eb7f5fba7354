"""`make screens`: measure every screen and tab in a browser against its aims, wide and on a phone.

`--readme` takes the pictures of the README instead: of the demonstration on a fixed day, in few
colours. The same day gives the same figures; the bytes are those of this browser and its fonts.

Prints a Markdown table a viewer; ✗ marks what misses its aim. `city` is the first city of the
configuration. What fails is said, and the others are measured. How long a screen takes is measured
by `tools.bench`.
"""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from PIL import Image
from playwright.sync_api import Browser, Error, Page

from longevity import settings as configuration
from longevity.screens.screen import Screen
from longevity.settings import ROOT
from longevity.ui.screens import SCREENS
from tests.drivers.browser_actions import VIEWERS, Walk, await_drawing
from tests.drivers.server import Server
from tools.running import say, serve_demonstration, start_browser
from tools.table import write_table

OUT = ROOT / "docs" / "screenshots"
WIDE, PHONE = (1440, 900), (390, 844)
LONGEST_PICTURE = 16_000  # pixels
READ = Path(__file__).with_name("read_page.js").read_text(encoding="utf-8")
COLOURS = 256
# The most a figure of a screen's first tab may be, and of every tab.
FIRST_TAB = {"screenfuls": 2.5, "answer at, px": 190, "phone, px": 4500}
EVERY_TAB = {"charts": 4}
MOST_WORDS = {"first tabs": 5000, "all tabs": 9000}


class Shot(NamedTuple):
    """A picture of the README: its file, where it is taken, how large, in which theme."""

    name: str
    path: str
    size: tuple[int, int] = (1280, 860)
    dark: bool = False
    foot: str = ""  # what the picture ends with, where it does not begin with the screen's head


SHOTS = (
    Shot("briefing", "/"),
    Shot("map-dark", "/map?show=rate&period=365d", dark=True),
    Shot("compare-cities", "/compare_cities"),
    Shot(
        "press-desk",
        "/press_desk?chart=year-to-date",
        size=(1280, 930),
        foot="[data-testid=stDownloadButton]",
    ),
    Shot("this-week-phone", "/this_week", size=PHONE),
)


class Tab(NamedTuple):
    """What was measured of a screen's tab; `figures` by the names that aims have."""

    screen: str
    name: str
    is_first: bool
    figures: dict[str, float | None]  # None: it has no answer
    words: int


def main() -> int:
    """Measure, and print what was measured."""
    files = [screen.name for screen in SCREENS]
    parser = argparse.ArgumentParser(prog="python -m tools.screens", description=__doc__)
    parser.add_argument("--viewers", nargs="+", choices=list(VIEWERS), default=list(VIEWERS))
    parser.add_argument("--screens", nargs="+", choices=files, default=files)
    parser.add_argument("--pictures", type=Path, help="where pictures of every tab go")
    parser.add_argument("--readme", action="store_true", help="the README's pictures instead")
    asked = parser.parse_args()
    if asked.pictures:
        asked.pictures.mkdir(parents=True, exist_ok=True)
    with start_browser() as browser, serve_demonstration() as server:
        if asked.readme:
            for shot in SHOTS:
                take_shot(browser, server, shot)
            return 0
        city = next(iter(configuration.load_settings(home=server.home).cities.values())).name
        for viewer in asked.viewers:
            tabs: list[Tab] = []
            failed = []
            for screen in (screen for screen in SCREENS if screen.name in asked.screens):
                say(f"  {viewer}: {screen.title} …")
                picture = asked.pictures and asked.pictures / f"{viewer}-{screen.name}"
                try:
                    # A visit of its own, for filters go along from one screen to the next.
                    with closing(Walk(browser, server, city)) as walk:
                        page = walk.to("/" if screen is SCREENS[0] else f"/{screen.name}", viewer)
                        tabs += measure_screen(page, screen, picture)
                except (Error, AssertionError) as error:
                    failed.append(f"FAILED: {screen.title}: {str(error).splitlines()[0]}")
            print("\n\n".join([f"## As {viewer}", describe_tabs(tabs), *failed]), flush=True)
    return 0


def measure_screen(page: Page, screen: Screen, picture: Path | None) -> Iterator[Tab]:
    """Yield every tab of a screen, as this viewer sees it first."""
    # The tabs of the screen itself, not those within one of them.
    lists = page.get_by_test_id("stMain").get_by_role("tablist")
    found = lists.first.get_by_role("tab").all() if lists.count() else [None]
    for place, tab in enumerate(found, start=1):
        if tab is not None and tab.get_attribute("aria-selected") != "true":
            tab.click()
            page.wait_for_timeout(200)  # until the run has begun
        name = f"{picture}-{place}" if picture else ""
        phone, wide = _read(page, PHONE, name), _read(page, WIDE, name)
        figures = {
            "screenfuls": wide["height"] / WIDE[1],
            "answer at, px": wide["answer"],
            "phone, px": phone["height"],
            "charts": wide["charts"],
        }
        title = "" if tab is None else tab.inner_text().splitlines()[-1].strip()
        yield Tab(screen.title, title, is_first=place == 1, figures=figures, words=wide["words"])


def _read(page: Page, size: tuple[int, int], picture: str) -> dict[str, Any]:
    """Return what is in sight in a window of this size (`read_page.js` counts it).

    `picture`: where one of the whole page goes, "" for none.
    """
    _resize(page, size)
    seen: dict[str, Any] = page.evaluate(READ)
    if picture:
        width, height = size
        # The page scrolls by itself: the window is made as tall as all of it.
        _resize(page, (width, min(max(seen["height"], height), LONGEST_PICTURE)))
        page.screenshot(path=f"{picture}-{width}.png")
        _resize(page, size)
    return seen


def _resize(page: Page, size: tuple[int, int]) -> None:
    """Give the page a window of this size, and wait until it lies still in it."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    await_drawing(page)
    page.wait_for_timeout(500)


def describe_tabs(tabs: list[Tab]) -> str:
    """Return what one viewer sees: a table of every tab, and how many words that is."""
    aims = FIRST_TAB | EVERY_TAB
    rows = [
        [tab.screen, tab.name, *(_write_figure(tab, name) for name in aims), f"{tab.words:,}"]
        for tab in tabs
    ]
    head = ["screen", "tab", *(f"{name} ≤ {most:,}" for name, most in aims.items()), "words"]
    counted = [sum(tab.words for tab in tabs if tab.is_first), sum(tab.words for tab in tabs)]
    words = [
        f"{count:,} words on {name} (≤ {most:,}){' ✗' if count > most else ''}"
        for count, (name, most) in zip(counted, MOST_WORDS.items(), strict=True)
    ]
    return f"{write_table(head, rows)}\n\n{', '.join(words)}"


def _write_figure(tab: Tab, name: str) -> str:
    """Write a figure, with a sign where it misses its aim."""
    value = tab.figures[name]
    if value is None:
        return "–"
    aims = FIRST_TAB | EVERY_TAB if tab.is_first else EVERY_TAB
    decimals = 1 if name == "screenfuls" else 0
    return f"{value:,.{decimals}f}{' ✗' if value > aims.get(name, value) else ''}"


def take_shot(browser: Browser, server: Server, shot: Shot) -> None:
    """Take one picture of the README, as a visitor who was never here sees it."""
    width, height = shot.size
    with closing(Walk(browser, server, city="")) as walk:
        page = walk.to(shot.path, width=width, dark=shot.dark)
        page.set_viewport_size({"width": width, "height": height})
        page.get_by_text("Drawing the picture").wait_for(state="hidden")
        page.mouse.move(width - 2, 2)  # nothing is pointed at
        if shot.foot:
            page.locator(shot.foot).first.evaluate("e => e.scrollIntoView({block: 'end'})")
        page.wait_for_timeout(2500)  # maps draw themselves after the page has run
        png = page.screenshot()
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    small = picture.quantize(COLOURS, dither=Image.Dither.NONE)
    small.save(OUT / f"{shot.name}.png", optimize=True)
    say(f"{shot.name}.png")


if __name__ == "__main__":
    sys.exit(main())
