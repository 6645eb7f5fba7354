"""A report as slides: first its answer with the numbers, then a slide for each card."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from longevity.outputs import html_tables, table_files
from longevity.outputs.bundle import slides
from longevity.outputs.bundle.slides import Slide
from longevity.outputs.documents.document import Document, find_chart
from longevity.screens.marks import NOT_FOR_RELEASE, SYNTHETIC_IN_FULL
from longevity.screens.report import Card, Tile

MOST_WORDS = 66  # on a slide apart from its table and picture; more are put into the notes


def build_deck(document: Document) -> bytes:
    """Return a signed PPTX: a slide with the answer and its tiles, then one for each card."""
    report, (first, *others) = document.report, document.cards
    tiles, days = report.tiles, {tile.label.partition(", ")[2] for tile in report.tiles}
    subtitle = document.dated
    if len(days) == 1:  # all tiles are of the same days: these become the subtitle
        subtitle = days.pop() or subtitle
        tiles = tuple(replace(tile, label=tile.label.partition(", ")[0]) for tile in tiles)
    waiting = [*document.marks, *document.alerts, *(line.sentence for line in report.attention)]
    opening = replace(first, title=report.answer, tiles=tiles)
    said = [
        _describe(document, opening, subtitle, document.alerts, waiting),
        *(
            _describe(document, card, card.picture.subtitle if card.picture else "")
            for card in others
            if find_chart(card) or card.table is not None or card.tiles or card.sentences
        ),
    ]
    content = slides.make_deck(
        document.context.settings,
        f"{document.title}, {document.through.isoformat()}",
        document.through,
        said,
        subject=document.dated,
        category=NOT_FOR_RELEASE if NOT_FOR_RELEASE in document.marks else "Public",
        keywords=", ".join(document.keywords),
        comments=SYNTHETIC_IN_FULL if document.context.synthetic else "",
    )
    return document.sign(content, "pptx")


def _describe(
    document: Document,
    card: Card,
    subtitle: str,
    sentences: Sequence[str] = (),
    more_notes: Sequence[str] = (),
) -> Slide:
    """Return the slide of a card. Definition, question, rows and the like go into its notes.

    `sentences`: those on the slide, by default the card's if it has neither chart nor table;
    `more_notes`: lines for the notes. The subtitle is left out where the words would be too many.
    """
    chart = find_chart(card)
    table = None if chart else card.table
    notes = [card.title, subtitle, *more_notes, *map(_read_tile, card.tiles), *card.sentences]
    notes += [card.note, f"Definition: {card.definition}" if card.definition else ""]
    if chart:
        notes.append(slides.write_speaker_notes(chart))
    elif card.answer:
        notes.append(f"Question: {card.answer.provenance.question}")
    if table is not None:
        notes.append(table_files.write_rows(table))
    elif chart is None:
        sentences = sentences or card.sentences
    program = document.context.settings.program
    source = f"{program}, {document.release}; sources in notes."
    words = [card.title, source, *document.marks, subtitle, *sentences]
    for tile in card.tiles:
        words += [tile.label, tile.value, tile.verdict[:1], tile.change or tile.base]
    fits = sum(len(text.split()) for text in words) <= MOST_WORDS
    return Slide(
        card.title,
        source,
        document.marks,
        "\n".join(filter(None, [*notes, *document.list_sources(card)])),
        subtitle=subtitle if fits else "",
        tiles=card.tiles,
        chart=chart,
        table=() if table is None else html_tables.write_text(table),
        sentences=sentences,
    )


def _read_tile(tile: Tile) -> str:
    parts = (tile.value, tile.change, tile.base, tile.verdict, tile.help)
    return f"{tile.label}: {', '.join(filter(None, parts))}"
