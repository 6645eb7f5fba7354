"""Slides: a title, a picture or a chart of PowerPoint's own, few words, and notes to speak from."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.opc.constants import RELATIONSHIP_TYPE as OF
from pptx.presentation import Presentation as Deck
from pptx.util import Inches, Pt

from longevity import NAME
from longevity.charts import fonts
from longevity.charts.theme import LIGHT
from longevity.outputs.bundle import bundle_rows, picture, powerpoint_chart
from longevity.outputs.documents.table_text import TableText
from longevity.screens.chart_catalogue.definition import Drawn
from longevity.screens.report import Tile
from longevity.settings import Branding, Settings

WIDE, TALL = 13.333, 7.5  # inches: 16:9
LEFT, RIGHT, FOOT = 0.6, 12.733, 6.55
GAP = 0.12
TEXT, SOURCE = 18, 12  # points
TYPE = powerpoint_chart.TYPE
TITLES = ((28, 2), (24, 2), (20, 4))  # points, lines at most
WIDER = 1.15  # than the typeface of pictures, which is measured here
TITLE_LAYOUT = 5
TILE, TILE_FIGURE = 1.6, 44  # inches, points
ROW_TEXT, ROW = (18, 16, 14), 1.9  # points of a table, and how tall a row is in them
PLAIN_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # no fills, no grid
APPLICATION = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Properties xmlns="http://schemas.'
    'openxmlformats.org/officeDocument/2006/extended-properties"><Application>'
    f"{NAME}</Application></Properties>"
).encode()
# Draws the plot alone in pixels; None where no browser starts.
Picture = Callable[[Drawn], bytes | None]
Box = tuple[float, float, float, float]  # left, top, width, height in inches

DECIMALS = 3  # in notes: no one reads out more


@dataclass(frozen=True)
class Slide:
    """What stands on one slide, from above: words, numbers, then a chart or a table.

    `sentences` stand at its foot, or in the place of a picture. The `source` is under all, and
    `marks` (SYNTHETIC, NOT FOR RELEASE) beside it.
    """

    title: str
    source: str
    marks: Sequence[str]
    notes: str
    subtitle: str = ""
    tiles: Sequence[Tile] = ()
    drawn: Drawn | None = None
    table: TableText | None = None
    sentences: Sequence[str] = ()


def create_deck(settings: Settings, title: str, day: date) -> Deck:
    """Create an empty presentation of wide slides, in the program's name and dated `day`."""
    presentation: Deck = Presentation()
    presentation.slide_width, presentation.slide_height = Inches(WIDE), Inches(TALL)
    about = presentation.core_properties
    about.title, about.comments = title, ""
    about.author = about.last_modified_by = settings.program
    about.created = about.modified = datetime(day.year, day.month, day.day)
    _drop_library_parts(presentation)
    return presentation


def _drop_library_parts(deck: Deck) -> None:
    """Take away what the library's own empty deck brings along of whoever made that."""
    package, slides = deck.part.package, deck.part
    # `relate_to` is the number of the relation that is there already.
    package.drop_rel(package.relate_to(package.part_related_by(OF.THUMBNAIL), OF.THUMBNAIL))
    printer = slides.part_related_by(OF.PRINTER_SETTINGS)
    slides.drop_rel(slides.relate_to(printer, OF.PRINTER_SETTINGS))
    package.part_related_by(OF.EXTENDED_PROPERTIES)._blob = APPLICATION


def add_slide(deck: Deck, said: Slide, branding: Branding, draw: Picture) -> None:
    """Add a slide; `draw` draws what PowerPoint has no chart for."""
    slide = deck.slides.add_slide(deck.slide_layouts[TITLE_LAYOUT])
    top = _add_head(slide, said, branding)
    wide = RIGHT - LEFT
    if said.tiles:
        _add_tiles(slide, said.tiles, (LEFT, top, wide, TILE))
        top += TILE + GAP
    is_pictured = said.drawn is not None or said.table is not None
    foot = FOOT
    if said.sentences:
        tall = sum(_count_lines(words, TEXT, wide) for words in said.sentences) * TEXT * 1.3 / 72
        foot = FOOT - tall if is_pictured else FOOT
        box = (LEFT, foot if is_pictured else top, wide, tall)
        _add_text(slide, said.sentences, box, TEXT, "Sentences")
    if said.drawn is not None:
        _draw_chart(slide, said.drawn, (LEFT, top, wide, foot - top - GAP), draw)
    elif said.table is not None:
        _add_table(slide, said.table, said.title, (LEFT, top, wide, foot - top - GAP))
    words = f"{said.source}  {branding.footer}" if branding.footer else said.source
    box = (LEFT, 6.66, RIGHT - LEFT - 1.9, 0.62)
    _add_text(slide, [words], box, SOURCE, "Source", LIGHT.quiet)
    for at, mark in enumerate(said.marks):
        _stamp(slide, mark, 6.72 + 0.38 * at)
    slide.notes_slide.notes_text_frame.text = said.notes


def write_speaker_notes(result: Drawn, before: str = "") -> str:
    """Write what to say of a chart: its definition, source and parameters, and its rows."""
    about, table = result.about, result.chart.table
    values = "; ".join(f"{name} = {value}" for name, value in result.values.items())
    lines = [
        before,
        f"What is shown: {result.chart.subtitle}",
        f"Question: {about.question}",
        f"Chart: {result.entry.name}; {values or 'no parameters'}.",
        about.source,
        f"In words: {result.chart.alt}",
        bundle_rows.write_figures(
            table.round(dict.fromkeys(table.select_dtypes("number"), DECIMALS))
        ),
    ]
    return "\n".join(line for line in lines if line)


def _add_head(slide: Any, said: Slide, branding: Branding) -> float:
    """Add the rule, the title, the logo and the subtitle; return where they end, in inches."""
    _add_box(slide, (LEFT, 0.42, 0.7, 0.07), branding.accent, "Rule")
    wide = 10.3 if branding.logo else RIGHT - LEFT
    for points, most in TITLES:
        lines = _count_lines(said.title, points, wide, bold=True)
        if lines <= most:
            break
    top = 0.55 + lines * points * 1.15 / 72 + 0.1
    head = slide.shapes.title
    head.left, head.top, head.width, head.height = map(Inches, (LEFT, 0.55, wide, top - 0.55))
    _set_text(head.text_frame, [said.title], points, LIGHT.ink, bold=True)
    if branding.logo is not None:
        logo = slide.shapes.add_picture(str(branding.logo), 0, Inches(0.35), height=Inches(0.6))
        logo.left = Inches(RIGHT) - logo.width
        _name_shape(logo, "Logo", branding.footer or "Logo")
    if said.subtitle:
        tall = _count_lines(said.subtitle, TEXT, RIGHT - LEFT) * TEXT * 1.2 / 72 + 0.1
        box = (LEFT, top, RIGHT - LEFT, tall)
        _add_text(slide, [said.subtitle], box, TEXT, "Subtitle", LIGHT.quiet)
        top += tall
    return top + GAP


def _add_tiles(slide: Any, tiles: Sequence[Tile], box: Box) -> None:
    """Write numbers side by side: what, the figure, and the change with the sign of its verdict."""
    left, top, wide, tall = box
    each = wide / len(tiles)
    for at, tile in enumerate(tiles):
        place = (left + at * each, top, each - 0.2, tall)
        shape = _add_text(slide, [tile.label], place, TEXT, f"Tile {at + 1}", LIGHT.quiet)
        change = " ".join(filter(None, (tile.verdict[:1], tile.change or tile.base)))
        for words, points in ((tile.value, TILE_FIGURE), (change, TEXT)):
            paragraph = shape.text_frame.add_paragraph()
            paragraph.text = words
            _style(paragraph, points, LIGHT.ink, bold=points == TILE_FIGURE)


def _draw_chart(slide: Any, result: Drawn, box: Box, draw: Picture) -> None:
    """Draw PowerPoint's own chart, else the picture as large as it fits, else its words."""
    native = powerpoint_chart.build_native(result.chart.printed)
    png = draw(result) if native is None and result.chart.figure["data"] else None
    if native is not None:
        shape = powerpoint_chart.add_chart(slide, native, tuple(map(Inches, box)))
    elif png is not None:
        x, top, wide, tall = box
        across = min(wide, tall * picture.CARD[0] / picture.CARD[1])
        place = (x + (wide - across) / 2, top, across)
        shape = slide.shapes.add_picture(io.BytesIO(png), *map(Inches, place))
    else:
        shape = _add_text(slide, [result.chart.alt], box, TEXT, "Chart")
    _name_shape(shape, "Chart", result.chart.alt)


def _add_table(slide: Any, table: TableText, title: str, box: Box) -> None:
    """Add a table in the largest type in which its rows fit, its columns as wide as they need."""
    cells = [table.columns, *table.rows]
    *_, wide, tall = box
    needs = [max(8, *(len(row[at]) for row in cells)) for at in range(len(table.columns))]
    points = next((p for p in ROW_TEXT if len(cells) * p * ROW / 72 <= tall), ROW_TEXT[-1])
    cells = cells[: int(tall * 72 / (points * ROW))]
    size = (len(cells), len(needs))
    frame = slide.shapes.add_table(*size, *map(Inches, (*box[:3], len(cells) * points * ROW / 72)))
    _name_shape(frame, "Table", f"Table: {title or ', '.join(table.columns)}.")
    frame._element.graphic.graphicData.tbl[0][-1].text = PLAIN_STYLE
    for column, need in zip(frame.table.columns, needs, strict=True):
        column.width = Inches(wide * need / sum(needs))
    for y, row in enumerate(cells):
        for x, text in enumerate(row):
            cell = frame.table.cell(y, x)
            cell.margin_top = cell.margin_bottom = Inches(0.04)
            cell.vertical_anchor = MSO_ANCHOR.BOTTOM if y == 0 else MSO_ANCHOR.TOP
            _set_text(cell.text_frame, [text], points, LIGHT.ink, bold=y == 0)
            if x:
                cell.text_frame.paragraphs[0].alignment = PP_ALIGN.RIGHT


def _stamp(slide: Any, word: str, top: float) -> None:
    """Say on the slide itself what it is: SYNTHETIC, NOT FOR RELEASE."""
    wide = 0.3 + 0.105 * len(word)
    shape = _add_box(slide, (RIGHT - wide, top, wide, 0.3), LIGHT.ground, f"Mark {word}")
    shape.line.color.rgb = RGBColor.from_string(LIGHT.quiet[1:])
    shape.line.width = Pt(1)
    _set_text(shape.text_frame, [word], SOURCE, LIGHT.quiet, bold=True)
    shape.text_frame.paragraphs[0].alignment = PP_ALIGN.CENTER
    shape.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE


def _add_box(slide: Any, box: Box, fill: str, name: str) -> Any:
    shape = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *map(Inches, box))
    shape.fill.solid()
    shape.fill.fore_color.rgb = RGBColor.from_string(fill[1:])
    shape.line.fill.background()
    shape.shadow.inherit = False
    _name_shape(shape, name, "")
    return shape


def _count_lines(text: str, points: int, wide: float, bold: bool = False) -> int:
    return len(fonts.wrap_text(text, points, wide * 72 / WIDER, bold))


def _add_text(
    slide: Any,
    words: Sequence[str],
    box: Box,
    points: int,
    name: str,
    colour: str = LIGHT.ink,
) -> Any:
    shape = slide.shapes.add_textbox(*map(Inches, box))
    _set_text(shape.text_frame, words, points, colour)
    _name_shape(shape, name, "")
    return shape


def _set_text(
    frame: Any, words: Sequence[str], points: int, colour: str, bold: bool = False
) -> None:
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    frame.vertical_anchor = MSO_ANCHOR.TOP
    frame.text = "\n".join(words)
    for paragraph in frame.paragraphs:
        paragraph.alignment = PP_ALIGN.LEFT
        _style(paragraph, points, colour, bold)


def _style(paragraph: Any, points: int, colour: str, bold: bool) -> None:
    for run in paragraph.runs:
        run.font.size, run.font.bold, run.font.name = Pt(points), bold, TYPE
        run.font.color.rgb = RGBColor.from_string(colour[1:])


def _name_shape(shape: Any, name: str, alt: str) -> None:
    """Set what a shape is called, and what a screen reader says of it."""
    shape.name = name
    shape._element._nvXxPr.cNvPr.set("descr", alt)
