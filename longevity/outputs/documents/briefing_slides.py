"""The briefing as slides: PowerPoint's own charts and tables, with notes for who speaks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.presentation import Presentation as Deck
from pptx.util import Inches, Pt

from longevity.charts.theme import LIGHT
from longevity.outputs.bundle import powerpoint_chart
from longevity.outputs.bundle import slides as made
from longevity.outputs.bundle.powerpoint import build_native
from longevity.outputs.credentials.sign import sign_deck
from longevity.outputs.documents import signing, small_chart
from longevity.outputs.documents.briefing_pdf import rows
from longevity.reports.marks import NOT_FOR_RELEASE
from longevity.reports.sections import SYNTHETIC_IN_FULL, Briefing, Section, Table
from longevity.text import wording

TEXT_SIZES = (20, 18, 16, 14, 12)  # points, the largest that fits is taken
NOTE, ROW_TEXT = 12, (14, 12)
TOP, FOOT = 1.55, 6.55  # inches between title and source line
GAP, GUTTER = 0.14, 0.3
CHART_BESIDE = 0.48  # of the width, where a table stands beside it
MOST_ROWS, BESIDE_A_CHART, LEAST_CHART = 13, 6, 2.5
TABLE_TITLE = 0.32
LONGEST_SOURCE = 235  # letters, in two lines
PLAIN_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # no fills, no grid
Box = tuple[float, float, float, float]  # left, top, width, height in inches


def slides(told: Briefing) -> bytes:
    """The briefing as a signed PPTX of a slide a section behind the title and the answer."""
    settings = told.context.settings
    title = f"{told.title}, {wording.format_day(told.through)}"
    presentation = made.deck(settings, title, told.through)
    _describe(presentation, told)
    _title(presentation, told)
    _answer(presentation, told)
    for section in told.sections:
        _section(presentation, told, section)
    said = signing.record(told.context, told.title, told.through)
    return sign_deck(presentation, settings, said)


def _describe(presentation: Deck, told: Briefing) -> None:
    """What the file says of itself."""
    about = presentation.core_properties
    about.subject = told.dated
    about.category = NOT_FOR_RELEASE if NOT_FOR_RELEASE in told.marks else "Public"
    about.keywords = ", ".join(
        [*told.marks, f"release {told.release_id}", f"viewer {told.context.viewer}"]
    )
    about.comments = SYNTHETIC_IN_FULL if told.context.synthetic else ""


def _title(presentation: Deck, told: Briefing) -> None:
    branding = told.context.settings.branding
    slide = made.titled_slide(presentation, told.title, branding)
    lines = [f"{told.dated}.", f"Release {told.release_id}."]
    if NOT_FOR_RELEASE in told.marks:
        lines.append("NOT FOR RELEASE: it holds what the public may not have.")
    if told.context.synthetic:
        lines.append(SYNTHETIC_IN_FULL)
    _words(slide, lines, (made.LEFT, 2.2, 12.0, 2.6), 24, "Dated")
    _finish(slide, told, f"{', '.join(told.context.cities.values())}.")
    slide.notes_slide.notes_text_frame.text = "\n".join(
        [*lines, "Every slide has its definition and its source in these notes."]
    )


def _answer(presentation: Deck, told: Briefing) -> None:
    slide = made.titled_slide(presentation, told.answer, told.context.settings.branding)
    top, width = 2.5, made.RIGHT - made.LEFT
    each = width / max(1, len(told.cards))
    for at, (what, figure, below) in enumerate(told.cards):
        left = made.LEFT + at * each
        card = _words(slide, [what], (left, top, each - 0.2, 0.7), 16, f"Card {at + 1}", quiet=True)
        _paragraph(card.text_frame, figure, 48, bold=True)
        _paragraph(card.text_frame, below, 16)
    chance = told.section("baselines")
    said = [*chance.sentences, *([told.silent] if told.silent else [])]
    _words(slide, said, (made.LEFT, 4.7, width, 1.7), _points(said, 1.7), "Sentences")
    first = told.section("so-far")
    _finish(slide, told, " ".join(first.sources))
    notes = [told.answer, *said, f"Definition: {first.definition} {chance.definition}"]
    slide.notes_slide.notes_text_frame.text = "\n".join([*notes, *first.sources])


def _section(presentation: Deck, told: Briefing, section: Section) -> None:
    drawn = section.drawn
    if drawn is not None and section.bars is None:
        mark = NOT_FOR_RELEASE if NOT_FOR_RELEASE in told.marks else ""
        made.add_chart_slide(
            presentation,
            drawn,
            told.context.settings.branding,
            mark=mark,
            notes="\n".join([section.heading, *section.sentences, section.definition]),
        )
        return
    title = section.title
    slide = made.titled_slide(presentation, title, told.context.settings.branding)
    laid = _laid(section, title)
    width = made.RIGHT - made.LEFT
    top = laid.top
    if section.sentences:
        _words(
            slide,
            list(section.sentences),
            (made.LEFT, top, width, laid.tall),
            laid.points,
            "Sentences",
        )
        top += laid.tall + GAP
    if laid.chart:
        chart = (made.LEFT, top, width * (CHART_BESIDE if laid.tables else 1), laid.chart)
        _bars(slide, section, chart)
    left = made.LEFT + (width * CHART_BESIDE + GUTTER if laid.chart else 0)
    for at, table in enumerate(laid.tables):
        wide = (made.RIGHT - left - GUTTER * (len(laid.tables) - 1)) / len(laid.tables)
        _table(slide, table, (left + at * (wide + 0.3), top, wide, laid.table), laid.row)
    if laid.notes:
        # At the foot: how tall a table's rows become is for each program to say, so no note
        # stands right under one.
        foot = FOOT - _tall(laid.notes, NOTE)
        _words(slide, laid.notes, (made.LEFT, foot, width, 0.5), NOTE, "Notes", quiet=True)
    _finish(slide, told, _short(section))
    slide.notes_slide.notes_text_frame.text = _speaker_notes(section)


@dataclass(frozen=True)
class _Laid:
    """Where the words, the chart and the tables of a slide go, in inches; sizes in points."""

    top: float
    points: int
    tall: float
    row: int
    tables: tuple[Table, ...]
    table: float
    chart: float
    notes: list[str]


def _laid(section: Section, title: str) -> _Laid:
    """The largest type with which words and tables end above the source line."""
    points, lines = made.title_size(title)
    top = max(TOP, 0.55 + lines * points * 1.15 / 72 + 0.25)
    charted = section.bars is not None and build_native(section.bars.spec) is not None
    # A long table gives way to the chart of it.
    tables = tuple(t for t in section.tables if not charted or len(t.frame) <= BESIDE_A_CHART)
    notes = list(section.notes)
    if any(len(table.frame) > MOST_ROWS for table in tables):
        notes.append("Further rows are on the screen Briefing.")
    wide = (made.RIGHT - made.LEFT) * (1 - CHART_BESIDE if charted else 1) / max(1, len(tables))
    room = FOOT - top - GAP - (_tall(notes, NOTE) + GAP if notes else 0)
    least = LEAST_CHART if charted else 0.0
    for size in TEXT_SIZES:
        for row in ROW_TEXT:
            tall = _tall(list(section.sentences), size)
            table = max((sum(_heights(t, row, wide)) for t in tables), default=0.0)
            if tall + max(table, least) <= room or (size, row) == (TEXT_SIZES[-1], ROW_TEXT[-1]):
                chart = room - tall if charted else 0.0
                return _Laid(top, size, tall, row, tables, table, chart, notes)
    raise AssertionError  # the smallest is always taken


def _points(said: list[str], tall: float) -> int:
    return next((p for p in TEXT_SIZES if _tall(said, p) <= tall), TEXT_SIZES[-1])


def _tall(said: list[str], points: int, wide: float = made.RIGHT - made.LEFT) -> float:
    """How tall paragraphs of this type stand, in inches; a letter is half as wide as tall."""
    letters = int(wide * 72 / (points * 0.5))
    lines = sum(-(-len(sentence) // letters) for sentence in said)
    return (lines * points * 1.2 + max(0, len(said) - 1) * points * 0.4) / 72


def _widths(columns: list[str], body: list[list[str]], wide: float) -> list[float]:
    """Columns as wide as what stands in them asks, a heading over two or three lines."""
    asked = [
        max(
            len(name) / 2.4,
            *(len(word) * 1.2 for word in name.split()),
            *(len(row[at]) for row in body),
            6,
        )
        + 2
        for at, name in enumerate(columns)
    ]
    return [wide * each / sum(asked) for each in asked]


def _heights(table: Table, points: int, wide: float) -> list[float]:
    """How tall each row stands, its title first, in inches."""
    shown = rows(table)
    body = shown["rows"][:MOST_ROWS]
    if not body:
        return [TABLE_TITLE if table.title else 0.0]
    widths = _widths(shown["columns"], body, wide)
    tall = [TABLE_TITLE if table.title else 0.0]
    for at, row in enumerate([shown["columns"], *body]):
        letter = points * (0.58 if at == 0 else 0.52) / 72
        lines = max(
            -(-len(text) // max(1, int((room - 0.12) / letter)))
            for text, room in zip(row, widths, strict=True)
        )
        tall.append(max(1, lines) * points * 1.22 / 72 + 0.06)
    return tall


def _bars(slide: Any, section: Section, box: Box) -> None:
    chart = build_native(section.bars.spec) if section.bars else None
    if chart is None or section.bars is None:
        return
    left, top, wide, tall = (Inches(value) for value in box)
    frame = powerpoint_chart.add_chart(slide, chart, (left, top, wide, tall))
    ends = [
        (value or 0) + (more or 0)
        for series in chart.series
        for value, more in zip(series.values, series.above, strict=False)
    ]
    if ends:  # left to itself the axis ends at the bars and cuts their intervals
        frame.chart.value_axis.maximum_scale = small_chart.round_above(ends)
    frame.name = "Chart"
    frame._element._nvXxPr.cNvPr.set("descr", section.bars.alt)


def _table(slide: Any, table: Table, box: Box, points: int) -> None:
    left, top, wide, tall = box
    shown = rows(table)
    if table.title:
        _words(slide, [table.title], (left, top, wide, 0.3), 14, "Table title", bold=True)
        top, tall = top + TABLE_TITLE, tall - TABLE_TITLE
    body = shown["rows"][:MOST_ROWS]
    if not body:
        return
    frame = slide.shapes.add_table(
        len(body) + 1,
        len(shown["columns"]),
        *(Inches(value) for value in (left, top, wide, tall)),
    )
    frame.name = "Table"
    said = f"Table: {table.title or ', '.join(shown['columns'])}."
    frame._element._nvXxPr.cNvPr.set("descr", said)
    frame._element.graphic.graphicData.tbl[0][-1].text = PLAIN_STYLE
    for column, width in zip(
        frame.table.columns, _widths(shown["columns"], body, wide), strict=True
    ):
        column.width = Inches(width)
    heights = _heights(table, points, wide)[1:]
    for y, row in enumerate([shown["columns"], *body]):
        frame.table.rows[y].height = Inches(heights[y])
        for x, text in enumerate(row):
            _cell(frame.table.cell(y, x), text, points, heading=y == 0, first=x == 0)


def _cell(cell: Any, text: str, points: int, heading: bool, first: bool) -> None:
    cell.margin_top = cell.margin_bottom = Inches(0.02)
    cell.margin_left = cell.margin_right = Inches(0.06)
    cell.vertical_anchor = MSO_ANCHOR.BOTTOM if heading else MSO_ANCHOR.TOP
    cell.text_frame.word_wrap = True
    cell.text_frame.text = text
    _style(cell.text_frame.paragraphs[0], points, heading, LIGHT.ink)
    if not first:
        cell.text_frame.paragraphs[0].alignment = PP_ALIGN.RIGHT


def _words(
    slide: Any,
    said: list[str],
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
    frame.text = said[0]
    colour = LIGHT.quiet if quiet else LIGHT.ink
    _style(frame.paragraphs[0], points, bold, colour)
    for sentence in said[1:]:
        _paragraph(frame, sentence, points, colour=colour)
    return shape


def _paragraph(
    frame: Any, text: str, points: int, bold: bool = False, colour: str = LIGHT.ink
) -> None:
    added = frame.add_paragraph()
    added.text = text
    added.space_before = Pt(points * 0.4 if points < 40 else 0)
    _style(added, points, bold, colour)


def _style(paragraph: Any, points: int, bold: bool, colour: str | None) -> None:
    for run in paragraph.runs:
        run.font.size, run.font.bold, run.font.name = Pt(points), bold, made.TYPE
        if colour:
            run.font.color.rgb = RGBColor.from_string(colour[1:])


def _finish(slide: Any, told: Briefing, source: str) -> None:
    """The source line and the marks of every slide."""
    made.footer(slide, source, told.context.settings.branding)
    made.stamp(slide, list(told.marks))


def _short(section: Section) -> str:
    """The sources in two lines of a slide; all of them stand in the notes."""
    said = " ".join(section.sources)
    if len(said) <= LONGEST_SOURCE:
        return said
    release = section.rests_on[0].provenance.release_id
    many = "Source" if len(section.sources) == 1 else f"{len(section.sources)} sources"
    synthetic = "SYNTHETIC. " if section.rests_on[0].provenance.synthetic else ""
    return f"{synthetic}{many} named in full in the notes of this slide; release {release}."


def _speaker_notes(section: Section) -> str:
    """What to say: the sentences, the definition, every question with its source."""
    lines = [section.heading, *section.sentences, *section.notes]
    if section.definition:
        lines.append(f"Definition: {section.definition}")
    for answer in section.rests_on:
        lines += [f"Question: {answer.provenance.question}", answer.provenance.source]
    return "\n".join(lines)
