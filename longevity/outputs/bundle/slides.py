"""Slides of one layout: a title, numbers, a chart or a table, and notes to speak from."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import PP_ALIGN
from pptx.opc.constants import RELATIONSHIP_TYPE as OF
from pptx.presentation import Presentation as Deck
from pptx.util import Inches, Pt

from longevity import NAME
from longevity.charts.chart import Chart
from longevity.charts.theme import LIGHT
from longevity.outputs import table_files
from longevity.outputs.bundle import picture, powerpoint_chart
from longevity.outputs.credentials import archive
from longevity.screens.report import Tile
from longevity.settings import Branding, Settings

Box = tuple[float, float, float, float]  # left, top, width, height in inches
WIDE, TALL = 13.333, 7.5  # inches: 16:9
LEFT, ACROSS = 0.6, 12.133  # inches, as in the boxes of a slide's parts below
RULE, TITLE = (LEFT, 0.42, 0.7, 0.07), (LEFT, 0.55, ACROSS, 1.05)
SUBTITLE, TOP, FOOT = (LEFT, 1.6, ACROSS, 0.65), 2.3, 6.5
SOURCE, MARK = (LEFT, 6.66, 10.2, 0.62), (10.9, 6.66, 1.833, 0.3)
TILE, LINE = 1.75, 0.37  # inches: how tall a row of numbers is, and a line of words
TEXT, SMALL, FIGURE, HEADING, LONG_HEADING = 18, 12, 44, 26, 20  # points
LONG = 115  # characters of a title: it takes more than two lines
ROW = 0.4  # inches
TYPE = powerpoint_chart.TYPE
TITLE_LAYOUT = 5  # of the library's own layouts, the one with a title only
PLAIN_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # of a table: no fills, no grid
APPLICATION = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Properties xmlns="http://schemas.'
    'openxmlformats.org/officeDocument/2006/extended-properties"><Application>'
    f"{NAME}</Application></Properties>"
).encode()
DECIMALS = 3  # of numbers in speaker notes


@dataclass(frozen=True)
class Slide:
    """The content of one slide, from the top: title, numbers (`tiles`), sentences, chart or table.

    The `source` is at the bottom, with `marks` (SYNTHETIC, NOT FOR RELEASE) next to it. `table`:
    rows of text, the heading first.
    """

    title: str
    source: str
    marks: Sequence[str]
    notes: str
    subtitle: str = ""
    tiles: Sequence[Tile] = ()
    chart: Chart | None = None
    table: Sequence[Sequence[str]] = ()
    sentences: Sequence[str] = ()


def make_deck(
    settings: Settings, title: str, day: date, slides: Sequence[Slide], **more: str
) -> bytes:
    """Return a presentation that can be signed, in the program's name and dated `day`.

    `more`: properties of the file, by their names in python-pptx. NoBrowserError where a picture
    has to be drawn and no browser starts.
    """
    deck: Deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(WIDE), Inches(TALL)
    about = deck.core_properties
    about.author = about.last_modified_by = settings.program
    about.created = about.modified = datetime(day.year, day.month, day.day)
    for name, value in {"title": title, "comments": "", **more}.items():
        setattr(about, name, value)
    # Remove what the library's empty deck has of its author: a thumbnail, a printer. `relate_to`
    # returns the id of the relation that is already there.
    package = deck.part.package
    for part, kind in ((package, OF.THUMBNAIL), (deck.part, OF.PRINTER_SETTINGS)):
        part.drop_rel(part.relate_to(part.part_related_by(kind), kind))
    package.part_related_by(OF.EXTENDED_PROPERTIES)._blob = APPLICATION
    for slide in slides:
        _add_slide(deck, slide, settings)
    saved = io.BytesIO()
    deck.save(saved)
    return archive.prepare_deck(saved.getvalue())


def _add_slide(deck: Deck, said: Slide, settings: Settings) -> None:
    """Add a slide to the deck, placing its parts from the top down."""
    slide, branding = deck.slides.add_slide(deck.slide_layouts[TITLE_LAYOUT]), settings.branding
    _add_box(slide, RULE, fill=branding.accent, name="Rule")
    head = slide.shapes.title
    head.left, head.top, head.width, head.height = map(Inches, TITLE)
    points = LONG_HEADING if len(said.title) > LONG else HEADING
    _set_text(head.text_frame, [said.title], points=points, colour=LIGHT.ink, bold=True)
    if branding.logo is not None:
        _add_logo(slide, branding)
        head.width = Inches(ACROSS - 1.9)
    top = SUBTITLE[1]
    if said.subtitle:
        _add_text(
            slide, [said.subtitle], box=SUBTITLE, points=TEXT, name="Subtitle", colour=LIGHT.quiet
        )
        top = TOP
    if said.tiles:
        _add_tiles(slide, said.tiles, top)
        top += TILE
    if said.sentences:
        # Each sentence has room for two lines.
        tall = min(FOOT - top, 2 * LINE * len(said.sentences))
        _add_text(
            slide, said.sentences, box=(LEFT, top, ACROSS, tall), points=TEXT, name="Sentences"
        )
        top += tall
    body = (LEFT, top, ACROSS, FOOT - top)
    if said.chart is not None:
        _draw_chart(slide, said.chart, body, settings)
    elif said.table:
        _add_table(slide, said.table, said.title, body)
    words = f"{said.source}  {branding.footer}" if branding.footer else said.source
    _add_text(slide, [words], box=SOURCE, points=SMALL, name="Source", colour=LIGHT.quiet)
    for at, word in enumerate(said.marks):
        left, first, wide, tall = MARK
        box = (left, first + 0.36 * at, wide, tall)
        mark = _add_box(slide, box, fill=LIGHT.ground, name=f"Mark {word}")
        mark.line.color.rgb = powerpoint_chart.parse_colour(LIGHT.quiet)
        _set_text(mark.text_frame, [word], points=SMALL, colour=LIGHT.quiet, bold=True)
        mark.text_frame.paragraphs[0].alignment = PP_ALIGN.CENTER
    slide.notes_slide.notes_text_frame.text = said.notes


def write_speaker_notes(chart: Chart) -> str:
    """Write the speaker notes of a chart: what is shown, the query, the source, and its rows."""
    about, table = chart.about, chart.table
    values = "; ".join(f"{name} = {value}" for name, value in chart.values.items())
    lines = [
        f"What is shown: {chart.subtitle}",
        f"Question: {about.question}",
        f"Chart: {chart.name}; {values or 'no parameters'}.",
        about.source,
        f"In words: {chart.alt}",
        table_files.write_rows(table.round(dict.fromkeys(table.select_dtypes("number"), DECIMALS))),
    ]
    return "\n".join(line for line in lines if line)


def _add_logo(slide: Any, branding: Branding) -> None:
    logo = slide.shapes.add_picture(str(branding.logo), 0, Inches(0.35), height=Inches(0.6))
    logo.left = Inches(LEFT + ACROSS) - logo.width
    _name_shape(logo, "Logo", branding.footer or "Logo")


def _add_tiles(slide: Any, tiles: Sequence[Tile], top: float) -> None:
    """Write numbers side by side: label, figure, and the change, after the verdict's sign (▲)."""
    wide = ACROSS / len(tiles)
    for at, tile in enumerate(tiles):
        place = (LEFT + at * wide, top, wide - 0.2, TILE)
        words = [tile.label, tile.value, f"{tile.verdict[:1]} {tile.change or tile.base}".strip()]
        shape = _add_text(slide, words, box=place, points=TEXT, name=f"Tile {at + 1}")
        figure = shape.text_frame.paragraphs[1].runs[0].font
        figure.size, figure.bold = Pt(FIGURE), True


def _draw_chart(slide: Any, chart: Chart, box: Box, settings: Settings) -> None:
    """Add PowerPoint's own chart where the figure can be one, else a picture as large as fits."""
    native = powerpoint_chart.build_native(chart.printed)
    if native is not None:
        shape = powerpoint_chart.add_chart(slide, native, tuple(map(Inches, box)))
    else:
        left, top, wide, tall = box
        across = min(wide, tall * picture.CARD[0] / picture.CARD[1])
        png = io.BytesIO(picture.draw_card_png(chart, settings))
        place = (left + (wide - across) / 2, top, across)
        shape = slide.shapes.add_picture(png, *map(Inches, place))
    _name_shape(shape, "Chart", chart.alt)


def _add_table(slide: Any, table: Sequence[Sequence[str]], title: str, box: Box) -> None:
    """Add a table, its first column as wide as the others together."""
    left, top, wide, _ = box
    place = map(Inches, (left, top, wide, ROW * len(table)))
    frame = slide.shapes.add_table(len(table), len(table[0]), *place)
    _name_shape(frame, "Table", f"Table: {title}.")
    frame._element.graphic.graphicData.tbl[0][-1].text = PLAIN_STYLE
    names, *others = frame.table.columns
    for column in others:
        column.width = int(Inches(wide / 2 / len(others)))
    names.width = Inches(wide / 2)
    for y, row in enumerate(table):
        for x, text in enumerate(row):
            words = frame.table.cell(y, x).text_frame
            _set_text(words, [text], points=TEXT, colour=LIGHT.ink, bold=y == 0)


def _add_box(slide: Any, box: Box, fill: str, name: str) -> Any:
    """Add a rectangle without outline or shadow; `fill` is a colour such as "#0067A5"."""
    shape = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *map(Inches, box))
    shape.fill.solid()
    shape.fill.fore_color.rgb = powerpoint_chart.parse_colour(fill)
    shape.line.fill.background()
    shape.shadow.inherit = False
    _name_shape(shape, name, "")
    return shape


def _add_text(
    slide: Any,
    words: Sequence[str],
    box: Box,
    points: int,
    name: str,
    colour: str = LIGHT.ink,
) -> Any:
    """Add a text box; `words` are its paragraphs, `name` what a screen reader calls it."""
    shape = slide.shapes.add_textbox(*map(Inches, box))
    _set_text(shape.text_frame, words, points, colour)
    _name_shape(shape, name, "")
    return shape


def _set_text(
    frame: Any, words: Sequence[str], points: int, colour: str, bold: bool = False
) -> None:
    """Set the paragraphs of a shape, in one size and colour, without margins."""
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    frame.text = "\n".join(words)
    for paragraph in frame.paragraphs:
        paragraph.alignment = PP_ALIGN.LEFT
        for run in paragraph.runs:
            run.font.size, run.font.bold, run.font.name = Pt(points), bold, TYPE
            run.font.color.rgb = powerpoint_chart.parse_colour(colour)


def _name_shape(shape: Any, name: str, alt: str) -> None:
    """Set the name of a shape, and its alternative text for screen readers."""
    shape.name = name
    shape._element._nvXxPr.cNvPr.set("descr", alt)
