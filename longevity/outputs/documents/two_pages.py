"""A report on two letter pages, as PDF."""

from __future__ import annotations

from typing import Any

from longevity.errors import DataError
from longevity.outputs.documents import document_signing, typst
from longevity.outputs.documents.document import Document, DrawnCard
from longevity.outputs.documents.table_text import write_table
from longevity.screens.marks import NOT_FOR_RELEASE, SYNTHETIC_IN_FULL
from longevity.screens.report import Tile

TEMPLATE = "two_pages.typ"
FIRST_PAGE = 1  # tabs on the first page, the others on the second
SIZES = (9.6, 9.2, 8.8, 8.4, 8.0)  # points of the text, the largest that fits is taken
# Rows of a table on each page, the first that fits is taken: longer tables stay on the screen
# and in the slides.
MOST_ROWS = ((8, 9), (8, 0), (0, 0))


def build_pages(document: Document) -> bytes:
    """Return a signed PDF of exactly two pages; DataError where no way makes it fit."""
    said = _describe_pages(document)
    for most in MOST_ROWS:
        for size in SIZES:
            data = said | {"size": size, "most": most}
            pages, count = typst.set_pages(TEMPLATE, data, document.through)
            if count == len(most):
                return document_signing.sign_pages(pages, document)
    raise DataError(
        "The briefing does not fit on two pages.", "Take the slides: they hold the same."
    )


def _describe_pages(document: Document) -> dict[str, Any]:
    """Return everything the template shows, as text."""
    report, synthetic = document.report, document.context.synthetic
    marks = ", ".join(document.marks)
    release = f"release {document.release_id}"
    pages = document.tabs[:FIRST_PAGE], document.tabs[FIRST_PAGE:]
    return {
        "title": document.title,
        "author": document.context.settings.program,
        "dated": document.dated,
        "marks": list(document.marks),
        "keywords": [*document.marks, release, f"viewer {document.context.viewer}"],
        "description": f"{document.dated}. {marks}".rstrip(". ") + ".",
        "foot": f"R{release[1:]}. {SYNTHETIC_IN_FULL if synthetic else ''}".rstrip(),
        "answer": report.answer,
        "alerts": [*report.alerts, *report.notes],
        "tiles": [_describe_tile(tile) for tile in report.tiles],
        "attention": [line.sentence for line in report.attention],
        "pages": [
            [_describe_card(document, card) for tab in tabs for card in tab] for tabs in pages
        ],
        "sources": list(document.sources),
    }


def _describe_tile(tile: Tile) -> list[str]:
    return [tile.label, tile.value, "; ".join(filter(None, (tile.change, tile.base))), tile.verdict]


def _describe_card(document: Document, card: DrawnCard) -> dict[str, Any]:
    chart, svg = card.chart, document.draw_svg(card)
    table = None if card.card.table is None else write_table(card.card.table)
    sentences = [*card.card.sentences, *filter(None, [card.missing])]
    if chart is not None and not svg:
        sentences.append(chart.alt)
    restricted = card.about is not None and card.about.not_for_release
    return {
        "heading": card.title,
        "mark": NOT_FOR_RELEASE if restricted else "",
        "tiles": [_describe_tile(tile) for tile in card.card.tiles],
        "sentences": sentences,
        "note": card.card.note,
        "svg": svg,
        "subtitle": chart.subtitle if chart and svg else "",
        "alt": chart.alt if chart else "",
        "columns": table.columns if table else [],
        "rows": table.rows if table else [],
    }
