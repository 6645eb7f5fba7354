"""A screen's report as a document: all cards of all tabs with their charts drawn, and sources."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from longevity.auth.viewers import ViewerKind
from longevity.base.errors import DataError
from longevity.charts.chart import Chart
from longevity.outputs.bundle import picture
from longevity.outputs.credentials.sign import sign_file
from longevity.screens.chart_catalogue import chart_list
from longevity.screens.chart_catalogue.definition import Drawn
from longevity.screens.context import ReportContext
from longevity.screens.marks import list_marks
from longevity.screens.report import Card, Report, list_cards
from longevity.warehouse.provenance import Provenance, combine_sources
from longevity.words import wording

MAP = (560.0, 300.0)  # points of a picture that was drawn for this viewer alone


@dataclass(frozen=True)
class DrawnCard:
    """A card with its chart drawn; `missing` says why there is none though the card has one."""

    card: Card
    drawn: Drawn | None = None
    missing: str = ""

    @property
    def title(self) -> str:
        """Return the card's title, or that of its chart."""
        return self.card.title or (self.chart.title if self.chart else "")

    @property
    def chart(self) -> Chart | None:
        """Return its chart: one of the catalogue, or a picture made for this viewer alone."""
        return self.drawn.chart if self.drawn else self.card.picture

    @property
    def subtitle(self) -> str:
        """Return the subtitle of its chart, which says what is counted; empty without a chart."""
        return self.chart.subtitle if self.chart else ""

    @property
    def about(self) -> Provenance | None:
        """Return where the card's figures come from; None for a card with words alone."""
        if self.drawn:
            return self.drawn.about
        return self.card.answer.provenance if self.card.answer else None

    @property
    def shows(self) -> bool:
        """Return whether there is anything to show: a picture, a table, numbers or sentences."""
        card = self.card
        return bool(self.drawn or card.table is not None or card.tiles or card.sentences)


@dataclass(frozen=True)
class Document:
    """A report of one viewer, counted to a day, to be set on slides or pages."""

    context: ReportContext
    report: Report
    name: str
    through: date

    @property
    def title(self) -> str:
        """Return what the document is called."""
        return f"{self.context.settings.program}: {self.name}"

    @property
    def dated(self) -> str:
        """Return the day it counts to, in words."""
        return f"Counted to {wording.format_day(self.through)}"

    @property
    def marks(self) -> tuple[str, ...]:
        """Return the marks on every page: SYNTHETIC, NOT FOR RELEASE."""
        is_public = self.context.viewer.kind is ViewerKind.PUBLIC
        return list_marks(is_public, self.context.synthetic)

    @property
    def alerts(self) -> tuple[str, ...]:
        """Return the sentences on what is missing: the report's, and cities whose source ended."""
        return (*self.report.alerts, *self.context.explain_ended())

    @property
    def release_id(self) -> str:
        """Return the release it was made from."""
        return str(self.context.warehouse.release.id)

    @property
    def keywords(self) -> list[str]:
        """Return the keywords in the file's properties: marks, release, viewer."""
        return [*self.marks, f"release {self.release_id}", f"viewer {self.context.viewer}"]

    @cached_property
    def tabs(self) -> tuple[tuple[DrawnCard, ...], ...]:
        """Return the cards of each tab in their order, drawn."""
        return tuple(
            tuple(self._draw_card(card) for card in list_cards(tab)) for tab in self.report.tabs
        )

    @property
    def cards(self) -> tuple[DrawnCard, ...]:
        """Return every card of the document."""
        return tuple(card for tab in self.tabs for card in tab)

    def list_sources(self, *cards: DrawnCard) -> tuple[str, ...]:
        """Return the source lines of all that these cards show."""
        about = [
            provenance
            for card in cards
            for provenance in (card.about, *(answer.provenance for answer in card.card.others))
            if provenance is not None
        ]
        return combine_sources(about, program=self.context.settings.program)

    def draw_svg(self, card: DrawnCard) -> str:
        """Draw the plot of a card as SVG; empty without one. NoBrowserError where none starts."""
        if card.drawn is not None:
            return picture.draw_card(card.drawn, self.context.settings)
        return picture.draw_plot(card.chart.printed, *MAP) if card.chart is not None else ""

    def sign(self, content: bytes, kind: str) -> bytes:
        """Return the file `content` of this document, signed, with a record of what it is.

        `verify` tells it from a chart by the key `document`. The record has no figures, as those of
        a document are not compared with today's.
        """
        release = self.context.warehouse.release
        record = {
            "document": self.title,
            "counted_to": self.through.isoformat(),
            "release": release.id,
            "kind": release.manifest["kind"],
            "viewer": str(self.context.viewer),
            "marks": list(self.marks),
        }
        return sign_file(content, kind, self.context.settings, record)

    def _draw_card(self, card: Card) -> DrawnCard:
        """Return a card with its chart of the catalogue drawn, or with why it cannot be."""
        if not card.chart:
            return DrawnCard(card)
        try:
            drawn = chart_list.draw_chart(self.context, card.chart, card.values)
            return DrawnCard(card, drawn)
        except DataError as error:
            return DrawnCard(card, missing=str(error))
