"""A report on one letter page in black and white, whatever it holds.

Typst sets it from data: no label is ever read as markup. Lists are shortened, with
"and N more", until it is one page; type is never made small.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from longevity.charts import fonts
from longevity.errors import DataError
from longevity.outputs.documents import document_signing, typst
from longevity.outputs.documents.document import Document, DrawnCard
from longevity.outputs.documents.table_text import write_table
from longevity.screens.report import Tile

TEMPLATE = "one_page.typ"
LONGEST_CELL, LONGEST_LINE, LONGEST_SENTENCE, LONGEST_SOURCE = 26, 60, 400, 1000
MAP = (560.0, 300.0)  # points, shown as large as there is room
WORD_WIDE, WORD_SIZE = 95.0, 11  # points: a wider word is broken, or it would lie over others
NARROW = 3  # columns of a table that stands in the right column
FEW_ROWS = 7  # of a list that comes once all else is said


@dataclass(frozen=True)
class PageFit:
    """The most rows a list shows, the map's height in inches and the size of type in points."""

    rows: int
    tall: float
    size: float


# Tried until all fits one page.
SHORTER = ((11, 2.3), (9, 2.2), (7, 2.0), (5, 1.9), (4, 1.7), (3, 1.5), (2, 1.2))
FITS = (
    PageFit(16, 2.4, 11),
    *(PageFit(rows, 2.4, 10) for rows in (30, 24, 19, 14)),
    *(PageFit(rows, tall, 10) for rows, tall in SHORTER),
    PageFit(1, 0.9, 9.5),
    PageFit(0, 0.0, 9.5),
)


def build_page(document: Document) -> bytes:
    """Return a signed PDF of exactly one letter page; DataError where no way makes it fit."""
    pictures = {card.card.key: document.draw_svg(card, MAP) for card in document.cards}
    for fit in FITS:
        data = _describe_page(document, pictures, fit)
        pages, count = typst.set_pages(TEMPLATE, data, document.through)
        if count == 1:
            return document_signing.sign_pages(pages, document)
    raise DataError(f"{document.title} does not fit one page.")


def _describe_page(document: Document, pictures: Mapping[str, str], fit: PageFit) -> dict[str, Any]:
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
        "tall": fit.tall,
        **_place_cards(document.cards, pictures, fit),
        "source": _shorten_text(" ".join(document.sources), LONGEST_SOURCE),
    }


def _describe_tile(tile: Tile) -> list[str]:
    change = "; ".join(filter(None, (tile.change, tile.base)))
    return [tile.label, tile.value, *filter(None, (change, tile.verdict))]


def _place_cards(
    cards: Sequence[DrawnCard], pictures: Mapping[str, str], fit: PageFit
) -> dict[str, list[dict[str, Any]]]:
    """Return the cards of each part of the page, in their order.

    Pictures and wide tables stand in the left column; a wide table that is folded on the screen
    spans the page above both, what is words alone and comes last below.
    """
    parts: dict[str, list[dict[str, Any]]] = {"above": [], "left": [], "right": [], "below": []}
    for card in cards:
        table = card.card.table
        is_wide = table is not None and len(table.columns) > NARROW
        is_last = [one for one in cards if not one.card.folded][-1] is card
        part = "left" if is_wide or pictures[card.card.key] else "right"
        if card.card.folded and is_wide:
            part = "above"
        elif table is None and is_last and len(cards) > 1:
            part = "below"
        parts[part].append(_describe_card(card, pictures[card.card.key], fit, part == "above"))
    return parts


def _describe_card(card: DrawnCard, svg: str, fit: PageFit, is_wide: bool) -> dict[str, Any]:
    table = _describe_table(card, fit, is_wide)
    sentences = [card.card.alert, card.missing, *card.card.sentences]
    is_elsewhere = card.chart is not None and not (svg and fit.tall)
    if is_elsewhere:
        sentences.append("The picture is on the screen.")
    return {
        "title": _shorten_text(card.title, LONGEST_LINE),
        "sentences": [_shorten_text(sentence) for sentence in sentences if sentence],
        "svg": "" if is_elsewhere else svg,
        "alt": _shorten_text(card.chart.alt) if card.chart else "",
        "table": table,
        "note": "" if is_elsewhere or table.get("more") else _shorten_text(card.card.note),
    }


def _describe_table(card: DrawnCard, fit: PageFit, is_wide: bool) -> dict[str, Any]:
    """Return the first rows of the card's table, all of a wide one, and how many more there are."""
    if card.card.table is None:
        return {}
    table = write_table(card.card.table)
    most = min(fit.rows, FEW_ROWS) if card.card.folded else fit.rows
    most = len(table.rows) if is_wide else most
    # One row left out takes as much room as the words that say so.
    rows = table.rows if most and len(table.rows) <= most + 1 else table.rows[:most]
    left_out = len(table.rows) - len(rows)
    longest = LONGEST_LINE if is_wide else LONGEST_CELL
    return {
        "header": table.columns,
        "rows": [[_break_words(_shorten_text(cell, longest)) for cell in row] for row in rows],
        "wide": is_wide,
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
