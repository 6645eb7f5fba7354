"""A report as a PDF of letter pages: the week on one page, the briefing on two.

The library Typst sets the pages from a template and data; labels in the data are never read as
markup. FITS are tried until it fits: shorter lists ("and 5 more"), smaller type.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from longevity.base.errors import DataError
from longevity.outputs import html_tables, typesetting
from longevity.outputs.documents.document import Document, find_chart
from longevity.screens.marks import SYNTHETIC_IN_FULL
from longevity.screens.report import Card, Tile

LONGEST_CELL, LONGEST_LINE = 80, 400  # characters: names come from files of others
NARROW = 3  # columns that a table in the right column of a page may have
FEW_ROWS = 7  # shown of a list that is folded on the screen


@dataclass(frozen=True)
class PageFit:
    """The most rows a list shows, the height of a picture in inches, the size of type in points."""

    rows: int
    tall: float
    size: float


# Rows, height and type of the pages, tried in this order until all fits.
FITS = (
    *(PageFit(16, 2.4, 11), PageFit(30, 2.3, 10), PageFit(16, 2.1, 9.6), PageFit(9, 2.0, 9.2)),
    *(PageFit(5, 1.8, 9), PageFit(3, 1.5, 8.8), PageFit(1, 1.2, 8.4), PageFit(0, 0.8, 8)),
)


def build_pages(document: Document, most: int = 1) -> bytes:
    """Return a signed PDF of at most `most` letter pages; DataError where nothing makes it fit."""
    pictures = {card.key: document.draw_svg(card) for card in document.cards}
    for fit in FITS:
        data = _describe_pages(document, pictures, fit, in_columns=most == 1)
        pages, count = typesetting.set_pages("pages.typ", data, document.through)
        if count <= most:
            return document.sign(pages, "pdf")
    raise DataError(f"{document.title} does not fit on its pages.", "Read it on the screen.")


def _describe_pages(
    document: Document, pictures: Mapping[str, str], fit: PageFit, in_columns: bool
) -> dict[str, Any]:
    """Return everything that the template `pages.typ` shows, as text.

    `pictures`: SVG by the key of a card; `in_columns`: set the cards in two columns.
    """
    report, marks = document.report, " ".join(document.marks)
    title = f"{document.title}, {document.through.isoformat()}"
    synthetic = SYNTHETIC_IN_FULL if document.context.synthetic else ""
    waiting = "; ".join(line.sentence for line in report.attention)
    lines = [*report.notes, *document.alerts, f"Needs attention: {waiting}." if waiting else ""]
    parts: dict[str, list[dict[str, Any]]] = {"above": [], "left": [], "right": [], "below": []}
    for card in document.cards:
        svg = pictures[card.key]
        part = _choose_part(card, svg, document) if in_columns else "above"
        parts[part].append(_describe_card(card, svg, fit))
    return {
        "size": fit.size,
        "tall": fit.tall,
        "title": f"{marks}: {title}" if marks else title,
        "author": document.context.settings.program,
        "about": f"{document.dated}. {marks}".rstrip(),
        "keywords": document.keywords,
        "marks": list(document.marks),
        "head": f"{document.title[:100]}. {document.dated}",
        "foot": f"{document.release.capitalize()}. {synthetic}".rstrip(),
        "answer": _shorten(report.answer),
        "lines": [_shorten(line) for line in lines if line],
        "tiles": [_describe_tile(tile) for tile in report.tiles],
        **parts,
        "sources": " ".join(document.list_sources(*document.cards)),
    }


def _choose_part(card: Card, svg: str, document: Document) -> str:
    """Return where a card goes on a page of two columns: above, left, right or below them.

    Above goes a wide list that is folded on the screen; below, the last of the others if it has no
    table; left, a picture or a wide table.
    """
    table = card.table
    is_wide = table is not None and len(table.columns) > NARROW
    if card.folded and is_wide:
        return "above"
    open_cards = [other for other in document.cards if not other.folded]
    if table is None and len(document.cards) > 1 and open_cards[-1] is card:
        return "below"
    return "left" if is_wide or svg else "right"


def _describe_tile(tile: Tile) -> list[str]:
    return [tile.label, tile.value, "; ".join(filter(None, (tile.change, tile.base))), tile.verdict]


def _describe_card(card: Card, svg: str, fit: PageFit) -> dict[str, Any]:
    """Return what the template shows of a card, its list cut to the rows of `fit`."""
    chart = find_chart(card)
    sentences = [text for text in (card.alert, *card.sentences) if text]
    cells = [] if card.table is None else html_tables.write_text(card.table)
    most = fit.rows
    if card.folded:  # a wide list is shown whole, as it has few rows
        most = len(cells) if cells and len(cells[0]) > NARROW else min(most, FEW_ROWS)
    # One row left out takes as much room as the words that say so.
    shown = cells if most and len(cells) <= most + 2 else cells[: most + 1 if most else 0]
    left_out = len(cells) - max(len(shown), 1) if cells else 0
    return {
        "title": _shorten(card.title),
        "subtitle": chart.subtitle if chart else "",
        "sentences": [_shorten(text) for text in sentences],
        "tiles": [_describe_tile(tile) for tile in card.tiles],
        "svg": svg,
        "alt": card.picture.alt if card.picture else "",
        "rows": [[_shorten(cell, LONGEST_CELL) for cell in row] for row in shown],
        "more": f"and {left_out:,} more, see the screen" if left_out else "",
        "note": card.note,
    }


def _shorten(text: str, longest: int = LONGEST_LINE) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"
