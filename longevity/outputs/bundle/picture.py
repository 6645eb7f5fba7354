"""Draw a chart as a whole picture: title, subtitle, plot, source. As SVG, from it PNG and PDF.

Lengths are in points (1/72 inch), so that text of 12 is 12 pt on a slide.
"""

from __future__ import annotations

import base64
import copy
import io
import mimetypes
import re
from datetime import date
from typing import Any

from PIL import Image

from longevity.charts import fonts
from longevity.charts.chart import FINDING, Chart
from longevity.charts.drawing import Figure
from longevity.charts.template.maps import AreaMap
from longevity.charts.theme import FONT, LIGHT
from longevity.outputs import typesetting
from longevity.outputs.browser import BROWSER
from longevity.outputs.bundle import kept
from longevity.settings import Branding, Settings

WIDE, TALL = 960.0, 540.0  # 13.333 × 7.5 inches: a slide
CARD = (560.0, 226.0)  # the plot alone: on a slide its text is 18 points
ON_SCREEN = 1460  # pixels: what Streamlit shows at most
TILE, TILE_NAME = 320, "tile.webp"  # pixels across
SMALLEST = 12  # points: the smallest type of a plot alone
LOGO = 160.0  # the width kept free for a logo
EDGE, LEADING = 36.0, 1.16  # points; from line to line, as a multiple of the type
TITLES = ((28, 2), (24, 2), (21, 3), (18, 9))  # points, lines at most
SUBTITLE, FOOT = 15, 12  # points: the type of the subtitle and of the words below
MOST_SHRUNK = 1.6  # how many times a plot alone is made smaller, at most
MARK_GROWS = 24  # pixels that the mark (SYNTHETIC) above a plot needs more if its text is doubled
PRINTED = 300  # pixels an inch, which PRINTED_PART says in a PNG
PRINTED_PART = bytes.fromhex("000000097048597300002e2300002e230178a53f76")
AFTER_HEADER = 33  # bytes of a PNG
_SIZE = re.compile(r' (?:width|height|viewBox)="[^"]*"')


def draw_svg(chart: Chart, branding: Branding, title: str) -> str:
    """Draw the picture as SVG, with text that can be selected.

    A long title gets a smaller size; the plot gets the height that the words leave.
    NoBrowserError where no browser starts.
    """
    room = WIDE - 2 * EDGE
    words = chart.find_title(title)
    for points, most in TITLES:
        heading = fonts.wrap_text(
            words, points, room - (LOGO + 24 if branding.logo else 0), bold=True
        )
        if len(heading) <= most:
            break
    under = 54 + points + (len(heading) - 1) * points * LEADING
    subtitle = fonts.wrap_text(chart.subtitle, points=SUBTITLE, room=room)
    top = under + len(subtitle) * SUBTITLE * LEADING + 14
    foot = [
        line
        for said in (chart.about.source, branding.footer)
        for line in fonts.wrap_text(said, points=FOOT, room=room)
    ]
    foot = [line for line in foot if line]
    bottom = TALL - 50 - (len(foot) - 1) * FOOT * LEADING
    plot = draw_plot(chart.printed, room, bottom - top)
    picture = typesetting.fill_template(
        "picture.svg",
        title=words,
        alt=chart.alt,
        heading=heading,
        points=points,
        subtitle=subtitle,
        under=under,
        plot=plot.replace("<svg ", f'<svg x="{EDGE:g}" y="{top:g}" ', 1),
        foot=foot,
        bottom=bottom,
        wide=WIDE,
        tall=TALL,
        edge=EDGE,
        leading=LEADING,
        look=LIGHT,
        font=FONT,
        accent=branding.accent,
        logo=_write_logo(branding),
        logo_wide=LOGO,
    )
    return picture.strip()


def draw_plot(figure: Figure, wide: float, tall: float) -> str:
    """Draw the plot alone as SVG, its text never below 12 points; the same every time."""
    ready = copy.deepcopy(figure)
    for at, trace in enumerate(ready["data"]):
        trace["uid"] = f"t{at}"
    layout = ready["layout"]
    # A figure made for more height is drawn at that height, with larger text, and then shrunk.
    times = min(MOST_SHRUNK, max(1.0, float(layout.get("height", tall)) / tall))
    across, down = round(wide * times), round(tall * times)
    layout["width"], layout["height"] = across, down
    layout["paper_bgcolor"] = layout["plot_bgcolor"] = "rgba(0,0,0,0)"
    _enlarge_text(ready, SMALLEST * times)
    margin = layout.get("margin", {})
    layout["margin"] = margin | {"t": margin.get("t", 0) + MARK_GROWS * (times - 1)}
    svg = BROWSER.draw_plot(ready, across, down)
    size = f'width="{wide:g}" height="{tall:g}" viewBox="0 0 {across} {down}"'
    opening, rest = svg[: svg.index(">") + 1], svg[svg.index(">") + 1 :]
    return _SIZE.sub("", opening).replace("<svg", f"<svg {size}", 1) + rest


def draw_card(chart: Chart, settings: Settings) -> str:
    """Draw the plot alone as SVG, in the size for slides and pages, which have their own words."""

    def draw() -> bytes:
        # A map is drawn larger, as its names need the room.
        times = 1.25 if isinstance(chart.kind, AreaMap) else 1
        wide, tall = CARD[0] * times, CARD[1] * times
        size = f'width="{CARD[0]:g}" height="{CARD[1]:g}" viewBox="0 0 {wide:g} {tall:g}"'
        plot = draw_plot(chart.printed, wide, tall)
        return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{plot}</svg>'.encode()

    return kept.keep(chart, settings, "card.svg", draw).decode()


def draw_card_png(chart: Chart, settings: Settings) -> bytes:
    """Draw the plot alone as PNG, for a slide."""
    svg = draw_card(chart, settings)
    return typesetting.draw_png(svg, *CARD, round(CARD[0] / typesetting.INCH * PRINTED))


def draw_tile(chart: Chart, settings: Settings) -> bytes:
    """Draw the plot alone, small and without text: the tile to pick a chart by, as WebP."""

    def draw() -> bytes:
        hidden = "><style>text,.annotation{display:none}</style>"
        svg = draw_card(chart, settings).replace(">", hidden, 1)
        made = io.BytesIO()
        Image.open(io.BytesIO(typesetting.draw_png(svg, *CARD, TILE))).save(made, "webp")
        return made.getvalue()

    return kept.keep(chart, settings, TILE_NAME, draw)


def draw_png(svg: str) -> bytes:
    """Draw a picture's SVG as PNG, with 300 pixels an inch, which is noted in the file."""
    png = typesetting.draw_png(svg, WIDE, TALL, round(WIDE / typesetting.INCH * PRINTED))
    return png[:AFTER_HEADER] + PRINTED_PART + png[AFTER_HEADER:]


def draw_pdf(svg: str, chart: Chart, title: str, author: str, day: date) -> bytes:
    """Draw a picture's SVG as a PDF page, in vectors, with text that can be selected."""
    data = {
        "svg": svg,
        "wide": WIDE,
        "tall": TALL,
        "alt": chart.alt,
        "title": chart.find_title(title),
        "author": author,
        "about": chart.about.source,
    }
    return typesetting.set_pages("picture.typ", data, day)[0]


def draw_preview(chart: Chart, settings: Settings, title: str = FINDING) -> bytes:
    """Draw a bundle's picture as a screen shows it: a PNG that is `ON_SCREEN` pixels wide."""

    def draw() -> bytes:
        svg = draw_svg(chart, settings.branding, title)
        return typesetting.draw_png(svg, WIDE, TALL, ON_SCREEN)

    return kept.keep(chart, settings, "screen.png", draw, title)


def _enlarge_text(part: Any, least: float, key: str = "") -> None:
    """Set the sizes of all fonts in a figure to at least `least`.

    It calls itself on every part; `key`: the name that a part has in the one around it.
    """
    if isinstance(part, dict):
        if key.endswith("font") and isinstance(part.get("size"), int | float):
            part["size"] = max(part["size"], least)
        for name, inner in part.items():
            _enlarge_text(inner, least, name)
    elif isinstance(part, list) and part and isinstance(part[0], dict):
        for inner in part:
            _enlarge_text(inner, least, key)


def _write_logo(branding: Branding) -> str:
    """Return the logo as a data URL; "" without one."""
    if branding.logo is None:
        return ""
    kind, _ = mimetypes.guess_type(branding.logo)
    data = base64.b64encode(branding.logo.read_bytes()).decode()
    return f"data:{kind};base64,{data}"
