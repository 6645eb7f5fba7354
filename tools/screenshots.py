"""Take the pictures of the README: the demonstration on a fixed day, small enough for a repository.

The same day gives the same figures; the picture's bytes are those of this machine's browser and
fonts.
"""

from __future__ import annotations

import io
from typing import NamedTuple

from PIL import Image

from longevity.settings import ROOT
from tests.drivers.browser_walk import start_walk
from tools.running import say, serve_demonstration, start_browser

OUT = ROOT / "docs" / "screenshots"
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
            # A visit of its own, for filters go along from one screen to the next.
            with start_walk(browser, server, city="") as walk:
                page = walk.to(shot.path, width=shot.width, dark=shot.dark)
                page.set_viewport_size({"width": shot.width, "height": shot.height})
                page.get_by_text("Drawing the picture").wait_for(state="hidden")
                page.mouse.move(shot.width - 2, 2)  # nothing is pointed at
                if shot.foot:
                    page.locator(shot.foot).first.evaluate("e => e.scrollIntoView({block: 'end'})")
                page.wait_for_timeout(2500)  # maps draw themselves after the page has run
                made = make_small(page.screenshot())
            (OUT / f"{shot.name}.png").write_bytes(made)
            say(f"{shot.name}.png, {len(made) // 1000} kB")


def make_small(png: bytes) -> bytes:
    """Return a picture in few colours."""
    made = io.BytesIO()
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(made, "PNG", optimize=True)
    return made.getvalue()


if __name__ == "__main__":
    main()
