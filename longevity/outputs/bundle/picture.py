"""The whole picture of a chart: finding, measure, plot, source. One SVG, then PNG and PDF.

A length is a point (1/72 inch), so that 12 is 12 pt on the slide.
"""

from __future__ import annotations

import base64
import copy
import io
import mimetypes
import re
from collections.abc import Mapping
from html import escape
from typing import Any

from longevity.charts import fonts
from longevity.charts.chart import Chart
from longevity.charts.drawing import Figure
from longevity.charts.template.maps import AreaMap
from longevity.charts.theme import FONT, LIGHT
from longevity.outputs.bundle import kept, reproducible
from longevity.outputs.bundle.browser import BROWSER
from longevity.screens.chart_catalogue.definition import Drawn
from longevity.settings import Branding, Settings

SIZES: Mapping[str, tuple[float, float]] = {
    "slide": (960.0, 540.0),  # 13.333 × 7.5 inches
    "square": (720.0, 720.0),
    "letter": (792.0, 612.0),
}
CARD = (560.0, 226.0)  # the plot alone: on a slide its text is 18 points
ON_SCREEN = 1460  # pixels: what Streamlit shows at most
TILE, TILE_NAME = 320, "tile.webp"  # pixels across
SMALLEST = 12
LOGO = (160.0, 40.0)  # the room of one, which has its own shape
EDGE = 36.0
TITLES = ((28, 2), (24, 2), (21, 3), (18, 9))  # points, lines at most
SUBTITLE, FOOT = 15, 12
MOST_SHRUNK = 1.6
MARK_GROWS = 24  # pixels above the plot that the mark takes more, for each time its text is grown
_SIZE = re.compile(r' (?:width|height|viewBox)="[^"]*"')


def draw_svg(
    result: Drawn, branding: Branding, size: str, title: str = "", note: str = ""
) -> bytes:
    """Draw the picture at a size, as SVG with its text as text; `note` stands in its footer.

    NoBrowserError where no browser starts.
    """
    wide, tall = SIZES[size]
    logo, room = _draw_logo(branding, wide)
    head, top = _draw_heading(
        title or result.chart.title, result.chart.subtitle, branding, wide, room
    )
    source = f"{note}. {result.about.source}" if note else result.about.source
    foot, bottom = _draw_footer(source, branding.footer, wide, tall)
    inner = (wide - 2 * EDGE, bottom - top)
    figure = result.chart.printed
    if figure["data"]:
        plot = _nest_plot(draw_plot(figure, *inner), EDGE, top)
    else:
        plot = _draw_lines(
            fonts.wrap_text(result.chart.alt, 18, inner[0]), 18, EDGE, top + 40, LIGHT.ink
        )
    words = escape(result.chart.alt)
    whole = (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'width="{wide:g}pt" height="{tall:g}pt" viewBox="0 0 {wide:g} {tall:g}" role="img" '
        f'aria-labelledby="title desc" font-family="{escape(FONT, quote=True)}">'
        f'<title id="title">{escape(title or result.chart.title)}</title>'
        f'<desc id="desc">{words}</desc>'
        f'<rect width="{wide:g}" height="{tall:g}" fill="{LIGHT.ground}"/>'
        f"{head}{logo}{plot}{foot}</svg>"
    )
    return whole.encode("utf-8")


def draw_plot(figure: Figure, wide: float, tall: float) -> str:
    """Draw the plot alone as SVG, its text never below 12, its names the same every time."""
    ready = copy.deepcopy(figure)
    for at, trace in enumerate(ready["data"]):
        trace["uid"] = f"t{at}"
    layout = ready["layout"]
    # A figure made for more height is drawn at that height and shrunk, its text grown first.
    times = min(MOST_SHRUNK, max(1.0, float(layout.get("height", tall)) / tall))
    across, down = round(wide * times), round(tall * times)
    layout["width"], layout["height"] = across, down
    layout["paper_bgcolor"] = layout["plot_bgcolor"] = "rgba(0,0,0,0)"
    _enlarge_text(ready, SMALLEST * times)
    margin = layout.get("margin", {})
    layout["margin"] = margin | {"t": margin.get("t", 0) + MARK_GROWS * (times - 1)}
    svg_text = reproducible.rename_ids(BROWSER.draw_plot(ready, across, down))
    size = f'width="{wide:g}" height="{tall:g}" viewBox="0 0 {across} {down}"'
    opening, rest = svg_text[: svg_text.index(">") + 1], svg_text[svg_text.index(">") + 1 :]
    return _SIZE.sub("", opening).replace("<svg", f"<svg {size}", 1) + rest


def draw_card(result: Drawn, settings: Settings) -> str:
    """Draw the plot alone, as slides and pages have it beside their own words."""

    def draw() -> bytes:
        return draw_plot_of_card(result.chart).encode()

    return kept.keep(result, settings, "card.svg", draw).decode()


def draw_plot_of_card(chart: Chart) -> str:
    """Draw the plot of a card: of a map larger, as its names need the room."""
    times = 1.25 if isinstance(chart.draw, AreaMap) else 1
    wide, tall = CARD
    svg = draw_plot(chart.printed, wide * times, tall * times)
    size = f'width="{wide:g}" height="{tall:g}" viewBox="0 0 {wide * times:g} {tall * times:g}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{svg}</svg>'


def draw_card_png(result: Drawn, settings: Settings) -> bytes:
    """Draw the same in pixels, for a slide."""

    def draw() -> bytes:
        return BROWSER.draw_png(draw_card(result, settings), *CARD)

    return kept.keep(result, settings, "card.png", draw)


def draw_tile(result: Drawn, settings: Settings) -> bytes:
    """Draw the same small and without its words, to be picked by."""

    def draw() -> bytes:
        svg = draw_card(result, settings).replace(
            ">", "><style>text,.annotation{display:none}</style>", 1
        )
        return BROWSER.draw_png(svg, *CARD, TILE / CARD[0], "webp")

    return kept.keep(result, settings, TILE_NAME, draw)


def draw_png(picture: bytes, size: str) -> bytes:
    """Draw a picture's SVG as PNG of 300 pixels an inch, which it says."""
    return reproducible.add_resolution(BROWSER.draw_png(picture.decode(), *SIZES[size]))


def draw_preview(picture: bytes, size: str) -> bytes:
    """Draw a picture's SVG as a screen shows it: a PNG that is `ON_SCREEN` pixels wide."""
    wide, tall = SIZES[size]
    return BROWSER.draw_png(picture.decode(), wide, tall, ON_SCREEN / wide)


def draw_pdf(picture: bytes, size: str, about: Mapping[str, str]) -> bytes:
    """Draw a picture's SVG as a PDF page in vectors; `about` (`/Title`, …) is its information."""
    from pypdf import PdfWriter

    writer = PdfWriter(clone_from=io.BytesIO(BROWSER.print_pdf(picture.decode(), *SIZES[size])))
    writer.metadata = None
    writer.add_metadata(dict(about))
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def _enlarge_text(part: Any, least: float, key: str = "") -> None:
    """Let no text of a figure be smaller than `least`."""
    if isinstance(part, dict):
        if key.endswith("font") and isinstance(part.get("size"), int | float):
            part["size"] = max(part["size"], least)
        for name, inner in part.items():
            _enlarge_text(inner, least, name)
    elif isinstance(part, list) and part and isinstance(part[0], dict):
        for inner in part:
            _enlarge_text(inner, least, key)


def _draw_heading(
    title: str, subtitle: str, branding: Branding, wide: float, room: float
) -> tuple[str, float]:
    """Draw rule, title and subtitle; return them and where they end."""
    for points, most in TITLES:
        lines = fonts.wrap_text(title, points, room, bold=True)
        if len(lines) <= most:
            break
    rule = f'<rect x="{EDGE:g}" y="26" width="48" height="5" fill="{branding.accent}"/>'
    top = 44.0 + points
    head = _draw_lines(lines, points, EDGE, top, LIGHT.ink, bold=True)
    top += (len(lines) - 1) * points * 1.16 + 10
    under = fonts.wrap_text(subtitle, SUBTITLE, wide - 2 * EDGE)
    words = _draw_lines(under, SUBTITLE, EDGE, top + SUBTITLE, LIGHT.quiet)
    return rule + head + words, top + len(under) * SUBTITLE * 1.16 + 14


def _draw_footer(source: str, words: str, wide: float, tall: float) -> tuple[str, float]:
    """Draw the source line under a thin rule, then the footer's words; return where it begins."""
    lines = fonts.wrap_text(source, FOOT, wide - 2 * EDGE)
    lines += fonts.wrap_text(words, FOOT, wide - 2 * EDGE) if words else []
    first = tall - 20 - (len(lines) - 1) * FOOT * 1.16
    top = first - FOOT - 8
    rule = f'<rect x="{EDGE:g}" y="{top:g}" width="{wide - 2 * EDGE:g}" height="1" '
    rule += f'fill="{LIGHT.grid}"/>'
    return rule + _draw_lines(lines, FOOT, EDGE, first, LIGHT.quiet), top - 10


def _draw_logo(branding: Branding, wide: float) -> tuple[str, float]:
    """Draw the logo at the upper right; return it and the room it leaves for a title."""
    room = wide - 2 * EDGE
    if branding.logo is None:
        return "", room
    kind, _ = mimetypes.guess_type(branding.logo)
    data = base64.b64encode(branding.logo.read_bytes()).decode()
    across, down = LOGO
    image_tag = (
        f'<image x="{wide - EDGE - across:g}" y="24" width="{across:g}" height="{down:g}" '
        f'preserveAspectRatio="xMaxYMid meet" href="data:{kind};base64,{data}"/>'
    )
    return image_tag, room - across - 24


def _draw_lines(
    lines: list[str], points: int, x: float, first: float, colour: str, bold: bool = False
) -> str:
    weight = ' font-weight="700"' if bold else ""
    return "".join(
        f'<text x="{x:g}" y="{first + at * points * 1.16:g}" font-size="{points}" '
        f'fill="{colour}"{weight}>{escape(line)}</text>'
        for at, line in enumerate(lines)
    )


def _nest_plot(plot: str, x: float, top: float) -> str:
    """Set a plot's SVG into the picture."""
    bare = re.sub(r"^\s*<\?xml[^>]*\?>", "", plot)
    return bare.replace("<svg ", f'<svg x="{x:g}" y="{top:g}" ', 1)
