"""Take the pictures of the README: the demonstration on a fixed day, small enough for a repository.

The same day gives the same figures; the picture's bytes are those of this machine's browser and
fonts.
"""

from __future__ import annotations

import io
from contextlib import closing
from typing import NamedTuple

from PIL import Image
from playwright.sync_api import Browser

from longevity.settings import ROOT
from tests.drivers.browser_actions import WAIT, settle
from tools.running import say, serve_demonstration, start_browser

OUT = ROOT / "docs" / "screenshots"
LARGEST = 200_000  # bytes
COLOURS = 256


class Shot(NamedTuple):
    """One picture: its file, where it is taken, how wide and tall, in which theme."""

    name: str
    path: str
    width: int = 1280
    height: int = 860
    dark: bool = False
    foot: str = ""  # what the picture ends with, where it does not begin with the screen's head


SHOTS = (
    Shot("briefing", "/"),
    Shot("map-dark", "/map?show=rate&period=365d", dark=True),
    Shot("compare-cities", "/compare_cities"),
    Shot(
        "press-desk",
        "/press_desk?chart=year-to-date",
        height=930,
        foot="[data-testid=stDownloadButton]",
    ),
    Shot("this-week-phone", "/this_week", width=390, height=844),
)


def main() -> None:
    """Publish the demonstration, serve it, and take every picture."""
    with start_browser() as browser, serve_demonstration() as server:
        for shot in SHOTS:
            made = make_small(take(browser, server.address, shot))
            (OUT / f"{shot.name}.png").write_bytes(made)
            say(f"{shot.name}.png, {len(made) // 1000} kB")


def take(browser: Browser, address: str, shot: Shot) -> bytes:
    """Take one picture, as a visitor who was never here sees it."""
    theme = "dark" if shot.dark else "light"
    size = {"width": shot.width, "height": shot.height}
    new_context = browser.new_context(viewport=size, color_scheme=theme, reduced_motion="reduce")
    with closing(new_context) as context:
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


def make_small(png: bytes) -> bytes:
    """Return a picture in few colours; ValueError when it is still too large for a repository."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    packed = io.BytesIO()
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(packed, "PNG", optimize=True)
    if len(packed.getvalue()) > LARGEST:
        raise ValueError(f"A picture of {len(packed.getvalue()):,} bytes: make it smaller.")
    return packed.getvalue()


if __name__ == "__main__":
    main()
