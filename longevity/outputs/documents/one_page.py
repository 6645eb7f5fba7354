"""A report on one letter page in black and white, whatever it holds.

Typst sets it from data: no label is ever read as markup. Lists are shortened, with
"and N more", until it is one page; type is never made small.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Any

from longevity.charts import fonts
from longevity.errors import DataError
from longevity.outputs.documents import signing, typst
from longevity.outputs.documents.document import Document, DrawnCard
from longevity.outputs.documents.table_text import write_table
from longevity.reports.report import Tile

TEMPLATE = "one_page.typ"
LONGEST_CELL, LONGEST_LINE, LONGEST_SENTENCE, LONGEST_SOURCE = 26, 60, 400, 1000
MAP_WIDE, POINTS_AN_INCH = 180.0, 72.0
WORD_WIDE, WORD_SIZE = 95.0, 11  # points: a wider word is broken, or it would lie over others
# Where a card stands, by its key: across the page over the columns or under them, in the right
# column. Every other is in the left column, in the report's order.
ABOVE, RIGHT = ("weekly.compared",), ("weekly.map", "weekly.places", "weekly.call_ins")
BELOW = ("weekly.notes",)
UNTITLED = ("weekly.places",)  # whose table says what it is, under the map
MOST_ROWS = {"weekly.places": 7}
# Shares of a table's width that columns take, 0 for as much as what stands in them asks.
WIDTHS = {"weekly.compared": [0, 0, 1, 1, 1, 1], "weekly.places": [1, 0, 0]}


@dataclass(frozen=True)
class Fit:
    """The most rows a list shows, the map's height in inches and the size of type in points."""

    rows: int
    tall: float
    size: float


# Tried until all fits one page.
SHORTER = ((11, 2.1), (9, 2.0), (7, 1.9), (5, 1.8), (4, 1.6), (3, 1.4), (2, 1.2))
FITS = (
    Fit(16, 2.4, 11),
    *(Fit(rows, 2.2, 10) for rows in (30, 24, 19, 14)),
    *(Fit(rows, tall, 10) for rows, tall in SHORTER),
    Fit(1, 0.9, 9.5),
    Fit(0, 0.0, 9.5),
)


def build_page(document: Document) -> bytes:
    """Return a signed PDF of exactly one letter page; DataError where no way makes it fit."""
    for fit in FITS:
        pages, count = typst.set_pages(TEMPLATE, _describe_page(document, fit), document.through)
        if count == 1:
            return signing.sign_pages(pages, document)
    raise DataError(f"{document.title} does not fit one page.")


def _describe_page(document: Document, fit: Fit) -> dict[str, Any]:
    """Return everything the template shows, as text."""
    report, marks = document.report, document.marks
    title = f"{document.title}, {document.through.isoformat()}"
    lines = [*report.notes, *report.alerts, *(line.sentence for line in report.attention)]
    return {
        "size": fit.size,
        "title": f"{' '.join(marks)}: {title}" if marks else title,
        "author": document.context.settings.program,
        "marks": list(marks),
        "name": _shorten_text(document.title, 100),
        "answer": _shorten_text(report.answer),
        "lines": [_shorten_text(line) for line in lines],
        "tiles": [_describe_tile(tile) for tile in report.tiles],
        **_place_cards(document, fit),
        "source": _shorten_text(" ".join(document.sources), LONGEST_SOURCE),
    }


def _describe_tile(tile: Tile) -> list[str]:
    change = "; ".join(filter(None, (tile.change, tile.base)))
    return [tile.label, tile.value, *filter(None, (change, tile.verdict))]


def _place_cards(document: Document, fit: Fit) -> dict[str, list[dict[str, Any]]]:
    """Return the cards of each part of the page."""
    by_key = {card.card.key: card for card in document.cards}
    elsewhere = (*ABOVE, *RIGHT, *BELOW)
    left = tuple(key for key in by_key if key not in elsewhere)
    parts = {"above": ABOVE, "left": left, "right": RIGHT, "below": BELOW}
    return {
        part: [_describe_card(document, by_key[key], fit) for key in keys if key in by_key]
        for part, keys in parts.items()
    }


def _describe_card(document: Document, card: DrawnCard, fit: Fit) -> dict[str, Any]:
    table, drawing = _describe_table(card, fit), _describe_map(document, card, fit.tall)
    sentences = [card.card.alert, card.missing, *card.card.sentences]
    is_elsewhere = card.chart is not None and not drawing
    if is_elsewhere:
        sentences.append("The picture is on the screen.")
    return {
        "title": "" if card.card.key in UNTITLED else _shorten_text(card.title, LONGEST_LINE),
        "sentences": [_shorten_text(sentence) for sentence in sentences if sentence],
        "map": drawing,
        "table": table,
        "note": "" if is_elsewhere or table.get("more") else _shorten_text(card.card.note),
    }


def _describe_map(document: Document, card: DrawnCard, tall: float) -> dict[str, Any]:
    """Return the card's picture; empty where it has none, or no room is left for it."""
    svg = document.draw_svg(card, (MAP_WIDE, tall * POINTS_AN_INCH)) if tall else ""
    return {"svg": svg, "alt": _shorten_text(card.chart.alt)} if svg and card.chart else {}


def _describe_table(card: DrawnCard, fit: Fit) -> dict[str, Any]:
    """Return the first rows of the card's table, and how many more there are."""
    if card.card.table is None:
        return {}
    key, table = card.card.key, write_table(card.card.table)
    is_whole = key in ABOVE
    most = len(table.rows) if is_whole else min(fit.rows, MOST_ROWS.get(key, fit.rows))
    # One row left out takes as much room as the words that say so.
    rows = table.rows if most and len(table.rows) <= most + 1 else table.rows[:most]
    left_out = len(table.rows) - len(rows)
    longest = LONGEST_LINE if is_whole else LONGEST_CELL
    return {
        "header": table.columns,
        "rows": [[_break_words(_shorten_text(cell, longest)) for cell in row] for row in rows],
        "widths": WIDTHS.get(key, [0] * len(table.columns)),
        "more": f"and {left_out:,} more, see the screen" if left_out else "",
    }


def _break_words(text: str) -> str:
    words = (fonts.wrap_text(word, WORD_SIZE, WORD_WIDE) for word in text.split(" "))
    return " ".join(part for word in words for part in word)


def _shorten_text(text: str, longest: int = LONGEST_SENTENCE) -> str:
    """Return text on one line, cut where it is too long, without signs that steer its direction."""
    visible = "".join(
        " " if sign.isspace() and sign != "\u00a0" else sign
        for sign in text
        if sign.isspace() or unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Co", "Cn")
    )
    return visible if len(visible) <= longest else f"{visible[: longest - 1].rstrip()}…"
