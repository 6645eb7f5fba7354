"""A report as slides: first its answer with the numbers, then a slide for each card."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from longevity.outputs import html_tables, table_files
from longevity.outputs.bundle import slides
from longevity.outputs.bundle.slides import Slide
from longevity.outputs.documents.document import Document, find_chart, find_title
from longevity.screens.marks import NOT_FOR_RELEASE, SYNTHETIC_IN_FULL
from longevity.screens.report import Card, Tile

MOST_WORDS = 66  # on a slide apart from its table and picture; more are put into the notes


def build_deck(document: Document) -> bytes:
    """Return a signed PPTX: a slide with the answer and its tiles, then one for each card."""
    settings = document.context.settings
    deck = slides.create_deck(
        settings, f"{document.title}, {document.through.isoformat()}", document.through
    )
    about = deck.core_properties
    about.subject = document.dated
    about.category = NOT_FOR_RELEASE if NOT_FOR_RELEASE in document.marks else "Public"
    about.keywords = ", ".join(document.keywords)
    about.comments = SYNTHETIC_IN_FULL if document.context.synthetic else ""
    report, (first, *others) = document.report, document.cards
    tiles, days = report.tiles, {tile.label.partition(", ")[2] for tile in report.tiles}
    subtitle = document.dated
    if len(days) == 1:  # all tiles are of the same days: these become the subtitle
        subtitle = days.pop() or subtitle
        tiles = tuple(replace(tile, label=tile.label.partition(", ")[0]) for tile in tiles)
    waiting = [*document.marks, *document.alerts, *(line.sentence for line in report.attention)]
    said = [
        _describe(
            document,
            card=first,
            title=report.answer,
            subtitle=subtitle,
            tiles=tiles,
            sentences=document.alerts,
            more_notes=waiting,
        ),
        *(
            _describe(document, card, find_title(card), _find_subtitle(card), card.tiles)
            for card in others
            if find_chart(card) or card.table is not None or card.tiles or card.sentences
        ),
    ]
    for slide in said:
        slides.add_slide(deck, slide, settings)
    return document.sign(slides.pack_deck(deck), "pptx")


def _describe(
    document: Document,
    card: Card,
    title: str,
    subtitle: str,
    tiles: Sequence[Tile],
    sentences: Sequence[str] = (),
    more_notes: Sequence[str] = (),
) -> Slide:
    """Return the slide of a card. Definition, question, rows and the like go into its notes.

    `sentences`: those on the slide, by default the card's if it has neither chart nor table;
    `more_notes`: lines for the notes. The subtitle is left out where the words would be too many.
    """
    chart = find_chart(card)
    table = None if chart else card.table
    notes = [title, subtitle, *more_notes, *map(_read_tile, tiles), *card.sentences, card.note]
    notes += [f"Definition: {card.definition}" if card.definition else ""]
    if chart:
        notes.append(slides.write_speaker_notes(chart))
    elif card.answer:
        notes.append(f"Question: {card.answer.provenance.question}")
    if table is not None:
        notes.append(table_files.write_rows(table))
    elif chart is None:
        sentences = sentences or card.sentences
    program = document.context.settings.program
    source = f"{program}, release {document.release_id}; sources in notes."
    words = [title, source, *document.marks, subtitle, *sentences]
    for tile in tiles:
        words += [tile.label, tile.value, tile.verdict[:1], tile.change or tile.base]
    fits = sum(len(text.split()) for text in words) <= MOST_WORDS
    return Slide(
        title,
        source,
        document.marks,
        "\n".join(filter(None, [*notes, *document.list_sources(card)])),
        subtitle=subtitle if fits else "",
        tiles=tiles,
        chart=chart,
        table=() if table is None else html_tables.write_text(table),
        sentences=sentences,
    )


def _read_tile(tile: Tile) -> str:
    parts = (tile.value, tile.change, tile.base, tile.verdict, tile.help)
    return f"{tile.label}: {', '.join(filter(None, parts))}"


def _find_subtitle(card: Card) -> str:
    return card.picture.subtitle if card.picture else ""
