"""A report as slides: the answer with its numbers, then a slide a card, few words on each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from longevity.outputs.bundle import slides
from longevity.outputs.bundle.slides import Slide
from longevity.outputs.credentials.sign import sign_deck
from longevity.outputs.documents import document_signing
from longevity.outputs.documents.document import Document, DrawnCard
from longevity.outputs.documents.table_text import write_table
from longevity.screens.marks import NOT_FOR_RELEASE, SYNTHETIC_IN_FULL
from longevity.screens.report import Tile

MOST_WORDS = 60  # on a slide beside its table and picture; the others are in the notes


def build_deck(document: Document) -> bytes:
    """Return a signed PPTX: the answer with its tiles, then a slide a card that shows something."""
    settings = document.context.settings
    deck = slides.create_deck(
        settings, f"{document.title}, {document.through.isoformat()}", document.through
    )
    about = deck.core_properties
    about.subject = document.dated
    about.category = NOT_FOR_RELEASE if NOT_FOR_RELEASE in document.marks else "Public"
    about.keywords = ", ".join(
        [*document.marks, f"release {document.release_id}", f"viewer {document.context.viewer}"]
    )
    about.comments = SYNTHETIC_IN_FULL if document.context.synthetic else ""
    slides_said = [_describe_answer(document)]
    slides_said += [_describe_card(document, card) for card in document.cards[1:] if card.shows]
    for said in slides_said:
        slides.add_slide(deck, said, settings.branding, document.draw_png)
    return sign_deck(deck, settings, document_signing.build_record(document))


def _describe_answer(document: Document) -> Slide:
    """Return the first slide: the answer, its numbers, the picture of the first card, and what
    needs attention.
    """
    report, (first, *_) = document.report, document.cards
    waiting = [line.sentence for line in report.attention]
    notes = [
        *document.marks,
        *(f"{tile.label}: {_read_tile(tile)}" for tile in report.tiles),
        *report.alerts,
        *waiting,
        slides.write_speaker_notes(first.drawn) if first.drawn else "",
        *document.sources,
    ]
    tiles, days = _take_days_apart(report.tiles)
    subtitle = ", ".join(filter(None, (document.title, days or document.dated)))
    return _fit_words(
        Slide(
            report.answer,
            _name_source(document),
            document.marks,
            "\n".join(filter(None, [report.answer, *notes])),
            subtitle=subtitle,
            tiles=tiles,
            drawn=first.drawn,
            sentences=(*report.alerts, *waiting),
        )
    )


def _describe_card(document: Document, card: DrawnCard) -> Slide:
    """Return the slide of a card, whose definition, question, source and rows are in its notes."""
    said = card.card
    notes = [card.title, *said.sentences, said.note, *map(_read_tile, said.tiles)]
    notes += [f"Definition: {said.definition}" if said.definition else ""]
    if card.drawn is not None:
        notes.append(slides.write_speaker_notes(card.drawn))
    elif card.about is not None:
        notes.append(f"Question: {card.about.question}")
    return _fit_words(
        Slide(
            card.title,
            _name_source(document),
            document.marks,
            "\n".join(filter(None, [*notes, *document.list_sources(card)])),
            subtitle=card.chart.subtitle if card.chart else "",
            tiles=said.tiles,
            drawn=card.drawn,
            table=None if said.table is None or card.drawn else write_table(said.table),
            sentences=said.sentences,
        )
    )


def _fit_words(slide: Slide) -> Slide:
    """Return the slide with as many of its sentences as it can have, in their order."""
    words = [slide.title, slide.source, *slide.marks]
    for tile in slide.tiles:
        words += [tile.label, tile.value, tile.verdict[:1], tile.change or tile.base]
    room = MOST_WORDS - sum(len(each.split()) for each in words)
    subtitle = slide.subtitle if len(slide.subtitle.split()) <= room else ""
    room -= len(subtitle.split())
    kept: list[str] = []
    for sentence in slide.sentences:
        room -= len(sentence.split())
        if room < 0:
            break
        kept.append(sentence)
    return replace(slide, subtitle=subtitle, sentences=kept)


def _name_source(document: Document) -> str:
    return f"Sources in the notes; release {document.release_id}."


def _take_days_apart(tiles: Sequence[Tile]) -> tuple[list[Tile], str]:
    """Return tiles without the days that all their labels end with, and those days."""
    parts = [tile.label.partition(", ") for tile in tiles]
    if len({days for _, _, days in parts}) != 1:
        return list(tiles), ""
    named = [replace(tile, label=name) for tile, (name, _, _) in zip(tiles, parts, strict=True)]
    return named, parts[0][2]


def _read_tile(tile: Tile) -> str:
    return ", ".join(filter(None, (tile.value, tile.change, tile.base, tile.verdict, tile.help)))
