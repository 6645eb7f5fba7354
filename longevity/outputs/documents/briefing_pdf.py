"""The briefing on two letter pages, as PDF."""

from __future__ import annotations

from typing import Any

import pandas as pd

from longevity.errors import DataError
from longevity.outputs.documents import signing, small_chart, typst
from longevity.reports.marks import NOT_FOR_RELEASE
from longevity.reports.sections import SYNTHETIC_IN_FULL, Briefing, Section, Table
from longevity.text import wording

TEMPLATE = "briefing.typ"
PAGES = (
    ("so-far", "baselines", "recent", "rates"),
    ("months", "share", "money", "reach", "promises", "changed"),
)
INLINE = ("changed",)  # many short sentences: one paragraph
SIZES = (9.6, 9.2, 8.8, 8.4, 8.0)  # points of the text, the largest that fits is taken
WIDE, LINES_TALL, BARS_TALL = 525.0, 128.0, 124.0
# Rows of a table on each page, the first that fits is taken: longer tables stay on the screen
# and in the slides.
MOST_ROWS = ((6, 6), (6, 0), (0, 0))


def pages(told: Briefing) -> bytes:
    """The briefing as a signed PDF of exactly two pages; DataError where no way makes it fit."""
    for rows in MOST_ROWS:
        for size in SIZES:
            made, many = typst.pdf(TEMPLATE, _told(told, size, rows), told.through)
            if many == len(PAGES):
                return signing.pdf(
                    made, told.context, signing.record(told.context, told.title, told.through)
                )
    raise DataError(
        "The briefing does not fit on two pages.", "Take the slides: they hold the same."
    )


def _told(told: Briefing, size: float, most_rows: tuple[int, ...]) -> dict[str, Any]:
    synthetic = told.context.synthetic
    marks = ", ".join(told.marks)
    sections = [[told.section(key) for key in keys] for keys in PAGES]
    return {
        "size": size,
        "title": told.title,
        "author": told.context.settings.program,
        "dated": told.dated,
        "marks": list(told.marks),
        "keywords": [*told.marks, f"release {told.release_id}", f"viewer {told.context.viewer}"],
        "description": f"{told.dated}. {marks}".rstrip(". ") + ".",
        "foot": f"Release {told.release_id}. {SYNTHETIC_IN_FULL if synthetic else ''}".rstrip(),
        "answer": told.answer,
        "silent": told.silent,
        "cards": [list(card) for card in told.cards],
        "pages": [
            [_section(part, most) for part in page]
            for page, most in zip(sections, most_rows, strict=True)
        ],
        "sources": list(dict.fromkeys(line for s in told.sections for line in s.sources)),
    }


def _section(part: Section, most_rows: int) -> dict[str, Any]:
    svg = ""
    chart = part.drawn.chart if part.drawn else None
    if chart is not None:
        tall = BARS_TALL if part.key == "months" else LINES_TALL
        svg = small_chart.draw_small(chart, WIDE, tall)
    return {
        "heading": part.heading,
        "mark": NOT_FOR_RELEASE if part.not_for_release else "",
        "sentences": list(part.sentences),
        "inline": part.key in INLINE,
        "notes": list(part.notes),
        "chart": {
            "svg": svg,
            "title": chart.title if chart else "",
            "subtitle": chart.subtitle if chart else "",
            "alt": chart.alt if chart else "",
        },
        "tables": [rows(table) for table in part.tables if 0 < len(table.frame) <= most_rows],
    }


def rows(table: Table) -> dict[str, Any]:
    """A table as text: its title, its columns and its rows."""
    named = [_column(str(name)) for name in table.frame.columns]
    cells = [[cell(value) for value in row] for row in table.frame.itertuples(index=False)]
    return {"title": table.title, "columns": named, "rows": cells}


def cell(value: Any) -> str:
    """One cell as text; what is missing is a dash, never a nought."""
    if pd.isna(value):
        return "–"
    if isinstance(value, str):
        return value
    return wording.format_number(value)


def _column(name: str) -> str:
    return name.replace("_", " ").capitalize() if name.isidentifier() else name
