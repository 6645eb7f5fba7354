"""Slides: a chart with its words, native and editable where PowerPoint has the kind."""

from __future__ import annotations

import io
from collections.abc import Callable
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
from longevity.outputs.bundle import picture, powerpoint_chart, rows
from longevity.reports.chart_catalogue.definition import Drawn
from longevity.settings import Branding, Settings

WIDE, TALL = 13.333, 7.5  # inches: 16:9
LEFT, RIGHT = 0.6, 12.733
SMALLEST, LARGE = 12, 18  # points
TYPE = powerpoint_chart.TYPE
TITLES = ((28, 2), (24, 2), (20, 4))  # points, lines at most
WIDER = 1.15  # than the typeface of pictures, which is measured here
TITLE_LAYOUT = 5
APPLICATION = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Properties xmlns="http://schemas.'
    'openxmlformats.org/officeDocument/2006/extended-properties"><Application>'
    f"{NAME}</Application></Properties>"
).encode()
# Draws the plot alone in pixels; None where no browser starts.
Picture = Callable[[Drawn], bytes | None]


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


def add_chart_slide(
    presentation: Deck,
    result: Drawn,
    branding: Branding,
    draw: Picture,
    *,
    title: str = "",
    note: str = "",
    mark: str = "",
    notes: str = "",
) -> Any:
    """Add a slide with one chart, its words, source line and speaker notes; return the slide.

    `draw` draws what PowerPoint has no chart for; where it gives None, words stand in its place.
    `title` stands in the place of the chart's own, `note` in the footer; `mark` next to SYNTHETIC
    (such as NOT FOR RELEASE); `notes` are said before the definition and the source, and the rows
    after those.
    """
    slide = add_titled_slide(presentation, title or result.chart.title, branding)
    top = _add_subtitle(slide, title or result.chart.title, result.chart.subtitle, branding)
    marks = [word for word in (mark, "SYNTHETIC" if result.synthetic else "") if word]
    stamp_slide(slide, marks)
    add_footer(slide, f"{note}. {result.about.source}" if note else result.about.source, branding)
    box = (LEFT, top, RIGHT - LEFT, 6.55 - top)
    _draw_chart(slide, result, box, draw)
    slide.notes_slide.notes_text_frame.text = write_speaker_notes(result, notes)
    return slide


def add_titled_slide(presentation: Deck, title: str, branding: Branding) -> Any:
    """Add an empty slide with its title, the accent's rule and the logo; return the slide."""
    slide = presentation.slides.add_slide(presentation.slide_layouts[TITLE_LAYOUT])
    rule = slide.shapes.add_shape(
        MSO_SHAPE.RECTANGLE, Inches(LEFT), Inches(0.42), Inches(0.7), Inches(0.07)
    )
    rule.fill.solid()
    rule.fill.fore_color.rgb = RGBColor.from_string(branding.accent[1:])
    rule.line.fill.background()
    rule.shadow.inherit = False
    _name_shape(rule, "Rule", "")
    wide = _measure_title_room(branding)
    points, lines = fit_title(title, wide)
    head = slide.shapes.title
    _place_shape(head, (LEFT, 0.55, wide, lines * points * 1.15 / 72 + 0.1))
    _set_text(head.text_frame, title, points, LIGHT.ink, bold=True)
    if branding.logo is not None:
        logo = slide.shapes.add_picture(str(branding.logo), 0, Inches(0.35), height=Inches(0.6))
        logo.left = Inches(RIGHT) - logo.width
        _name_shape(logo, "Logo", branding.footer or "Logo")
    return slide


def add_footer(slide: Any, source: str, branding: Branding) -> None:
    """Add the source line at the foot, and the footer's own words."""
    words = f"{source}  {branding.footer}" if branding.footer else source
    foot = slide.shapes.add_textbox(*_convert_box((LEFT, 6.66, RIGHT - LEFT - 1.9, 0.62)))
    _set_text(foot.text_frame, words, SMALLEST, LIGHT.quiet)
    _name_shape(foot, "Source", "")


def write_speaker_notes(result: Drawn, before: str = "") -> str:
    """Write what to say of a chart: its definition, source and parameters."""
    about = result.about
    values = "; ".join(f"{name} = {value}" for name, value in result.values.items())
    lines = [
        before,
        f"What is shown: {result.chart.subtitle}",
        f"Question: {about.question}",
        f"Chart: {result.entry.name}; {values or 'no parameters'}.",
        about.source,
        f"In words: {result.chart.alt}",
        rows.write_figures(result.chart.table),
    ]
    return "\n".join(line for line in lines if line)


def fit_title(title: str, wide: float = RIGHT - LEFT) -> tuple[int, int]:
    """Return the points and lines a title takes in so many inches."""
    for points, most in TITLES:
        lines = count_lines(title, points, wide, bold=True)
        if lines <= most:
            break
    return points, lines


def count_lines(text: str, points: int, wide: float, bold: bool = False) -> int:
    """Count the lines a text takes in so many inches."""
    return len(fonts.wrap_text(text, points, wide * 72 / WIDER, bold))


def _measure_title_room(branding: Branding) -> float:
    return 10.3 if branding.logo else RIGHT - LEFT


def _add_subtitle(slide: Any, title: str, subtitle: str, branding: Branding) -> float:
    """Write the subtitle under the title; return where it ends, in inches."""
    points, lines = fit_title(title, _measure_title_room(branding))
    top = 0.55 + lines * points * 1.15 / 72 + 0.1
    rows = count_lines(subtitle, 16, RIGHT - LEFT)
    tall = rows * 16 * 1.2 / 72 + 0.1
    under = slide.shapes.add_textbox(*_convert_box((LEFT, top, RIGHT - LEFT, tall)))
    _set_text(under.text_frame, subtitle, 16, LIGHT.quiet)
    _name_shape(under, "Subtitle", "")
    return top + tall + 0.05


def stamp_slide(slide: Any, words: list[str]) -> None:
    """Say on the slide itself what it is: SYNTHETIC, NOT FOR RELEASE."""
    for at, word in enumerate(words):
        wide = 0.3 + 0.105 * len(word)
        right = RIGHT - wide
        shape = slide.shapes.add_shape(
            MSO_SHAPE.RECTANGLE, *_convert_box((right, 6.72 + 0.38 * at, wide, 0.3))
        )
        shape.fill.solid()
        shape.fill.fore_color.rgb = RGBColor.from_string(LIGHT.ground[1:])
        shape.line.color.rgb = RGBColor.from_string(LIGHT.quiet[1:])
        shape.line.width = Pt(1)
        shape.shadow.inherit = False
        _set_text(shape.text_frame, word, SMALLEST, LIGHT.quiet, bold=True)
        shape.text_frame.paragraphs[0].alignment = PP_ALIGN.CENTER
        shape.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
        _name_shape(shape, f"Mark {word}", "")


def _draw_chart(
    slide: Any, result: Drawn, box: tuple[float, float, float, float], draw: Picture
) -> None:
    """Draw PowerPoint's own chart, or the picture as large as it fits."""
    native = powerpoint_chart.build_native(result.chart.spec)
    png = draw(result) if native is None and result.chart.figure["data"] else None
    if native is not None:
        shape = powerpoint_chart.add_chart(slide, native, _convert_box(box))
    elif png is not None:
        x, top, wide, tall = box
        across = min(wide, tall * picture.CARD[0] / picture.CARD[1])
        corner = Inches(x + (wide - across) / 2), Inches(top)
        shape = slide.shapes.add_picture(io.BytesIO(png), *corner, Inches(across))
    else:
        shape = slide.shapes.add_textbox(*_convert_box(box))
        _set_text(shape.text_frame, result.chart.alt, LARGE, LIGHT.ink)
    _name_shape(shape, "Chart", result.chart.alt)


def _set_text(frame: Any, text: str, points: int, colour: str | None, bold: bool = False) -> None:
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = 0 if colour else Inches(0.06)
    frame.vertical_anchor = MSO_ANCHOR.TOP
    frame.text = text
    for paragraph in frame.paragraphs:
        paragraph.alignment = PP_ALIGN.LEFT
        for run in paragraph.runs:
            run.font.size, run.font.bold, run.font.name = Pt(points), bold, TYPE
            if colour:
                run.font.color.rgb = RGBColor.from_string(colour[1:])


def _name_shape(shape: Any, name: str, alt: str) -> None:
    """Set what a shape is called, and what a screen reader says of it."""
    shape.name = name
    shape._element._nvXxPr.cNvPr.set("descr", alt)


def _place_shape(shape: Any, box: tuple[float, float, float, float]) -> None:
    shape.left, shape.top, shape.width, shape.height = _convert_box(box)


def _convert_box(inches: tuple[float, float, float, float]) -> tuple[Any, Any, Any, Any]:
    x, top, wide, tall = inches
    return Inches(x), Inches(top), Inches(wide), Inches(tall)
