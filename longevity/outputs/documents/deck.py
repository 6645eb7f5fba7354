"""A report as slides: a picture or a number on each, PowerPoint's own, with notes to speak from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.presentation import Presentation as Deck
from pptx.util import Inches, Pt

from longevity.charts.theme import LIGHT
from longevity.outputs.bundle import slides
from longevity.outputs.credentials.sign import sign_deck
from longevity.outputs.documents import signing
from longevity.outputs.documents.document import Document, DrawnCard
from longevity.outputs.documents.table_text import TableText, write_table
from longevity.reports.marks import NOT_FOR_RELEASE, SYNTHETIC_IN_FULL
from longevity.reports.report import Tile

TEXT_SIZES = (20, 18, 16, 14, 12)  # points, the largest that fits is taken
NOTE, ROW_TEXT = 12, (18, 16, 14, 12)
TOP, FOOT = 1.55, 6.55  # inches between title and source line
GAP = 0.14
TILE, TILE_FIGURE = 1.7, 44  # inches, points
MOST_ROWS = 13
LONGEST_SOURCE = 235  # letters, in two lines
PLAIN_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # no fills, no grid
Box = tuple[float, float, float, float]  # left, top, width, height in inches


def build_deck(document: Document) -> bytes:
    """Return a signed PPTX: the answer with its tiles, then a slide a card that shows something."""
    settings = document.context.settings
    title = f"{document.title}, {document.through.isoformat()}"
    presentation = slides.create_deck(settings, title, document.through)
    _describe_file(presentation, document)
    _add_first_slide(presentation, document)
    for card in document.cards:
        if card.has_picture:
            _add_card(presentation, document, card)
    return sign_deck(presentation, settings, signing.build_record(document))


def _describe_file(presentation: Deck, document: Document) -> None:
    """Write what the file says of itself."""
    about = presentation.core_properties
    about.subject = document.dated
    about.category = NOT_FOR_RELEASE if NOT_FOR_RELEASE in document.marks else "Public"
    about.keywords = ", ".join(
        [*document.marks, f"release {document.release_id}", f"viewer {document.context.viewer}"]
    )
    about.comments = SYNTHETIC_IN_FULL if document.context.synthetic else ""


def _add_first_slide(presentation: Deck, document: Document) -> None:
    """Add the first slide: the answer, its tiles, and what needs attention."""
    report = document.report
    slide = slides.add_titled_slide(presentation, report.answer, document.context.settings.branding)
    width = slides.RIGHT - slides.LEFT
    lines = [f"{document.title}. {document.dated}."]
    if NOT_FOR_RELEASE in document.marks:
        lines.append("NOT FOR RELEASE: it holds what the public may not have.")
    if document.context.synthetic:
        lines.append(SYNTHETIC_IN_FULL)
    _add_words(slide, lines, (slides.LEFT, TOP + 0.2, width, 0.9), 14, "Dated", quiet=True)
    _add_tiles(slide, report.tiles, (slides.LEFT, 2.75, width, TILE))
    waiting = [line.sentence for line in report.attention]
    below = [*report.alerts, *(["Needs attention:", *waiting] if waiting else [])]
    if below:
        points = _fit_points(below, 1.8)
        _add_words(slide, below, (slides.LEFT, 4.7, width, 1.8), min(points, 16), "Sentences")
    _finish_slide(slide, document, _shorten_source(document, document.cards[0]))
    slide.notes_slide.notes_text_frame.text = "\n".join(
        [
            report.answer,
            *(f"{tile.label}: {_read_tile(tile)}" for tile in report.tiles),
            *below,
            *document.sources,
        ]
    )


def _read_tile(tile: Tile) -> str:
    return ", ".join(filter(None, (tile.value, tile.change, tile.base, tile.verdict, tile.help)))


def _add_tiles(slide: Any, tiles: tuple[Tile, ...], box: Box) -> None:
    """Write numbers side by side: what, the figure, and under it the change."""
    left, top, wide, tall = box
    each = wide / max(1, len(tiles))
    for at, tile in enumerate(tiles):
        place = (left + at * each, top, each - 0.2, tall)
        shape = _add_words(slide, [tile.label], place, 16, f"Tile {at + 1}", quiet=True)
        _add_paragraph(shape.text_frame, tile.value, TILE_FIGURE, bold=True)
        below = "; ".join(filter(None, (tile.change, tile.base)))
        for text in filter(None, (below, tile.verdict)):
            _add_paragraph(shape.text_frame, text, 14)


def _add_card(presentation: Deck, document: Document, card: DrawnCard) -> None:
    branding = document.context.settings.branding
    if card.drawn is not None:
        slides.add_chart_slide(
            presentation,
            card.drawn,
            branding,
            document.draw_png,
            title=card.card.title,
            mark=NOT_FOR_RELEASE if NOT_FOR_RELEASE in document.marks else "",
            notes="\n".join([*card.card.sentences, card.card.note, card.card.definition]),
        )
        return
    slide = slides.add_titled_slide(presentation, card.title, branding)
    width, laid = slides.RIGHT - slides.LEFT, _lay_out(card)
    top = laid.top
    if card.card.tiles:
        _add_tiles(slide, card.card.tiles, (slides.LEFT, top, width, TILE))
        top += TILE
    if card.card.sentences:
        box = (slides.LEFT, top, width, laid.tall)
        _add_words(slide, list(card.card.sentences), box, laid.points, "Sentences")
        top += laid.tall + GAP
    if laid.table:
        _add_table(
            slide, laid.table, card.title, (slides.LEFT, top, width, laid.table_tall), laid.row
        )
    if laid.notes:
        # At the foot: how tall a table's rows become is for each program to say, so no note
        # stands right under one.
        foot = FOOT - _measure_height(laid.notes, NOTE)
        _add_words(slide, laid.notes, (slides.LEFT, foot, width, 0.5), NOTE, "Notes", quiet=True)
    _finish_slide(slide, document, _shorten_source(document, card))
    slide.notes_slide.notes_text_frame.text = _write_speaker_notes(document, card)


@dataclass(frozen=True)
class _Layout:
    """Where the words and the table of a slide go, in inches; sizes in points."""

    top: float
    points: int
    tall: float
    row: int
    table: TableText | None
    table_tall: float
    notes: list[str]


def _lay_out(card: DrawnCard) -> _Layout:
    """Return the largest type with which words and table end above the source line."""
    points, lines = slides.fit_title(card.title)
    top = max(TOP, 0.55 + lines * points * 1.15 / 72 + 0.25)
    table = None if card.card.table is None else write_table(card.card.table)
    notes = [card.card.note] if card.card.note else []
    if table and len(table.rows) > MOST_ROWS:
        notes.append("Further rows are on the screen.")
    wide = slides.RIGHT - slides.LEFT
    room = FOOT - top - GAP - (_measure_height(notes, NOTE) + GAP if notes else 0)
    room -= TILE if card.card.tiles else 0
    for size in TEXT_SIZES:
        for row in ROW_TEXT:
            tall = _measure_height(list(card.card.sentences), size)
            table_tall = sum(_measure_rows(table, row, wide)) if table else 0.0
            if tall + table_tall <= room or (size, row) == (TEXT_SIZES[-1], ROW_TEXT[-1]):
                return _Layout(top, size, tall, row, table, table_tall, notes)
    raise AssertionError  # the smallest is always taken


def _fit_points(sentences: list[str], tall: float) -> int:
    return next((p for p in TEXT_SIZES if _measure_height(sentences, p) <= tall), TEXT_SIZES[-1])


def _measure_height(
    sentences: list[str], points: int, wide: float = slides.RIGHT - slides.LEFT
) -> float:
    """Return how tall paragraphs stand, in inches; a letter is half as wide as tall."""
    letters = int(wide * 72 / (points * 0.5))
    lines = sum(-(-len(sentence) // letters) for sentence in sentences)
    return (lines * points * 1.2 + max(0, len(sentences) - 1) * points * 0.4) / 72


def _share_width(columns: list[str], body: list[list[str]], wide: float) -> list[float]:
    """Return columns as wide as what stands in them asks, a heading over two or three lines."""
    needs = [
        max(
            len(name) / 2.4,
            *(len(word) * 1.2 for word in name.split()),
            *(len(row[at]) for row in body),
            6,
        )
        + 2
        for at, name in enumerate(columns)
    ]
    return [wide * each / sum(needs) for each in needs]


def _measure_rows(table: TableText, points: int, wide: float) -> list[float]:
    """Return how tall each row stands, the heading first, in inches."""
    body = table.rows[:MOST_ROWS]
    widths = _share_width(table.columns, body, wide)
    tall = []
    for at, row in enumerate([table.columns, *body]):
        letter = points * (0.58 if at == 0 else 0.52) / 72
        lines = max(
            -(-len(text) // max(1, int((room - 0.12) / letter)))
            for text, room in zip(row, widths, strict=True)
        )
        tall.append(max(1, lines) * points * 1.22 / 72 + 0.06)
    return tall


def _add_table(slide: Any, table: TableText, title: str, box: Box, points: int) -> None:
    left, top, wide, tall = box
    body = table.rows[:MOST_ROWS]
    frame = slide.shapes.add_table(
        len(body) + 1,
        len(table.columns),
        *(Inches(value) for value in (left, top, wide, tall)),
    )
    frame.name = "Table"
    frame._element._nvXxPr.cNvPr.set("descr", f"Table: {title or ', '.join(table.columns)}.")
    frame._element.graphic.graphicData.tbl[0][-1].text = PLAIN_STYLE
    for column, width in zip(
        frame.table.columns, _share_width(table.columns, body, wide), strict=True
    ):
        column.width = Inches(width)
    heights = _measure_rows(table, points, wide)
    for y, row in enumerate([table.columns, *body]):
        frame.table.rows[y].height = Inches(heights[y])
        for x, text in enumerate(row):
            _fill_cell(frame.table.cell(y, x), text, points, heading=y == 0, first=x == 0)


def _fill_cell(cell: Any, text: str, points: int, heading: bool, first: bool) -> None:
    cell.margin_top = cell.margin_bottom = Inches(0.02)
    cell.margin_left = cell.margin_right = Inches(0.06)
    cell.vertical_anchor = MSO_ANCHOR.BOTTOM if heading else MSO_ANCHOR.TOP
    cell.text_frame.word_wrap = True
    cell.text_frame.text = text
    _style_text(cell.text_frame.paragraphs[0], points, heading, LIGHT.ink)
    if not first:
        cell.text_frame.paragraphs[0].alignment = PP_ALIGN.RIGHT


def _add_words(
    slide: Any,
    sentences: list[str],
    box: Box,
    points: int,
    name: str,
    quiet: bool = False,
    bold: bool = False,
) -> Any:
    shape = slide.shapes.add_textbox(*(Inches(value) for value in box))
    shape.name = name
    frame = shape.text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    frame.vertical_anchor = MSO_ANCHOR.TOP
    frame.text = sentences[0]
    colour = LIGHT.quiet if quiet else LIGHT.ink
    _style_text(frame.paragraphs[0], points, bold, colour)
    for sentence in sentences[1:]:
        _add_paragraph(frame, sentence, points, colour=colour)
    return shape


def _add_paragraph(
    frame: Any, text: str, points: int, bold: bool = False, colour: str = LIGHT.ink
) -> None:
    added = frame.add_paragraph()
    added.text = text
    added.space_before = Pt(points * 0.4 if points < 40 else 0)
    _style_text(added, points, bold, colour)


def _style_text(paragraph: Any, points: int, bold: bool, colour: str | None) -> None:
    for run in paragraph.runs:
        run.font.size, run.font.bold, run.font.name = Pt(points), bold, slides.TYPE
        if colour:
            run.font.color.rgb = RGBColor.from_string(colour[1:])


def _finish_slide(slide: Any, document: Document, source: str) -> None:
    """Write the source line and the marks of a slide."""
    slides.add_footer(slide, source, document.context.settings.branding)
    slides.stamp_slide(slide, list(document.marks))


def _shorten_source(document: Document, card: DrawnCard) -> str:
    """Return the source in two lines of a slide; all of it stands in the notes."""
    about, source = card.about, " ".join(document.list_sources(card))
    if about is None or len(source) <= LONGEST_SOURCE:
        return source
    synthetic = "SYNTHETIC. " if about.synthetic else ""
    return (
        f"{synthetic}Source named in full in the notes of this slide; release {about.release_id}."
    )


def _write_speaker_notes(document: Document, card: DrawnCard) -> str:
    """Return what to say: the sentences, the definition, the question with its source."""
    lines = [card.title, *card.card.sentences, card.card.note]
    if card.card.definition:
        lines.append(f"Definition: {card.card.definition}")
    if card.about is not None:
        lines += [f"Question: {card.about.question}", *document.list_sources(card)]
    return "\n".join(filter(None, lines))
