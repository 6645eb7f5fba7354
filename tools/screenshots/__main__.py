"""Take the pictures of the README: the demonstration on a fixed day, small enough for a repository.

`python -m tools.screenshots [--today DATE] [--out FOLDER]`. The same day gives the same figures;
the picture's bytes are those of this machine's browser and fonts.
"""

from __future__ import annotations

import argparse
import io
import sys
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from longevity import settings as configuration
from longevity.app import demonstration
from longevity.outputs import chromium
from longevity.settings import ROOT
from tests.drivers.browser_actions import WAIT, settle
from tests.drivers.server import serving

TODAY = date(2026, 11, 23)
OUT = ROOT / "docs" / "screenshots"
LARGEST = 200_000  # bytes
COLOURS = 256


@dataclass(frozen=True)
class Shot:
    """One picture: its file, where it is taken, how wide and tall, in which theme."""

    name: str
    path: str
    width: int = 1280
    height: int = 860
    dark: bool = False
    foot: str = ""  # what stands at the foot of the picture, where it is not the screen's head


SHOTS = (
    Shot("state-briefing", "/"),
    Shot("map-dark", "/map?show=smoothed&period=365d", dark=True),
    Shot("compare-cities", "/compare_cities"),
    Shot(
        "press-desk",
        "/press_desk?chart=year-to-date",
        height=930,
        foot="[data-testid=stDownloadButton]",
    ),
    Shot("this-week-phone", "/this_week", width=390, height=844),
)


def main() -> int:
    """Publish the demonstration, serve it, and take every picture."""
    asked = argparse.ArgumentParser(prog="python -m tools.screenshots", description=__doc__)
    asked.add_argument("--today", type=date.fromisoformat, default=TODAY)
    asked.add_argument("--out", type=Path, default=OUT)
    said = asked.parse_args()
    found = chromium.find_browser()
    if found is None:
        print(chromium.WHAT_TO_INSTALL, file=sys.stderr)
        return 1
    said.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="screenshots-") as folder:
        home = Path(folder) / "home"
        settings = configuration.load_settings(home=home)
        demonstration.ensure_demonstration(settings, said.today, print)
        command = ["-m", "tools.screenshots.server", "{port}", said.today.isoformat()]
        with serving(home, Path(folder) / "log", command=command) as running:
            _take_all(found, running.address, said.out)
    return 0


def _take_all(found: chromium.Found, address: str, out: Path) -> None:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=found.path, args=[*found.flags[1:]])
        try:
            for shot in SHOTS:
                made = small(_taken(browser, address, shot))
                (out / f"{shot.name}.png").write_bytes(made)
                print(f"{shot.name}.png, {len(made) // 1000} kB")
        finally:
            browser.close()


def _taken(browser: Browser, address: str, shot: Shot) -> bytes:
    context = browser.new_context(
        viewport={"width": shot.width, "height": shot.height},
        color_scheme="dark" if shot.dark else "light",
        reduced_motion="reduce",
    )
    try:
        page = context.new_page()
        page.set_default_timeout(4 * WAIT)
        page.goto(f"{address}{shot.path}")
        settle(page)
        page.get_by_text("Drawing the picture").wait_for(state="hidden")
        page.wait_for_function("document.fonts.status === 'loaded'")
        page.mouse.move(shot.width - 2, 2)  # nothing is pointed at
        if shot.foot:
            page.locator(shot.foot).first.evaluate("e => e.scrollIntoView({block: 'end'})")
        page.wait_for_timeout(2500)  # maps and charts draw themselves after the page has run
        return page.screenshot()
    finally:
        context.close()


def small(png: bytes) -> bytes:
    """A picture in few colours; ValueError when it is still too large for a repository."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    packed = io.BytesIO()
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(packed, "PNG", optimize=True)
    if len(packed.getvalue()) > LARGEST:
        raise ValueError(f"A picture of {len(packed.getvalue()):,} bytes: make it smaller.")
    return packed.getvalue()


if __name__ == "__main__":
    sys.exit(main())
