"""A screen's report as a document: all cards of all tabs with their charts drawn, and sources."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from longevity.auth.viewers import ViewerKind
from longevity.base.errors import DataError
from longevity.charts.chart import Chart
from longevity.outputs.bundle import picture
from longevity.outputs.credentials.sign import sign_file
from longevity.screens.chart_catalogue import chart_list
from longevity.screens.context import ReportContext
from longevity.screens.marks import list_marks
from longevity.screens.report import Card, Report, list_cards
from longevity.warehouse.provenance import combine_sources
from longevity.words import wording

MAP = (560.0, 300.0)  # points of a picture that was drawn for this viewer alone


def find_chart(card: Card) -> Chart | None:
    """Return a card's chart of the catalogue; None for a picture that a screen made itself."""
    return card.picture if card.picture and card.picture.answers else None


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
    def release(self) -> str:
        """Return the release it was made from: "release 2026-12-01-0a1b2c3d4e5f"."""
        return f"release {self.context.warehouse.release.id}"

    @property
    def keywords(self) -> list[str]:
        """Return the keywords in the file's properties: marks, release, viewer."""
        return [*self.marks, self.release, f"viewer {self.context.viewer}"]

    @cached_property
    def cards(self) -> list[Card]:
        """Return every card of the document in order, drawn."""
        return [self._draw_card(card) for tab in self.report.tabs for card in list_cards(tab)]

    def list_sources(self, *cards: Card) -> tuple[str, ...]:
        """Return the source lines of all that these cards show."""
        about = [
            answer.provenance
            for card in cards
            for answer in (card.answer, *card.others)
            if answer is not None
        ]
        return combine_sources(about, program=self.context.settings.program)

    def draw_svg(self, card: Card) -> str:
        """Draw the plot of a card as SVG; empty without one. NoBrowserError where none starts."""
        if chart := find_chart(card):
            return picture.draw_card(chart, self.context.settings)
        return picture.draw_plot(card.picture.printed, *MAP) if card.picture else ""

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

    def _draw_card(self, card: Card) -> Card:
        """Return a card with its chart of the catalogue as its picture, or with why it has none.

        Without a title of its own it gets the chart's.
        """
        if card.chart:
            try:
                chart = chart_list.draw_chart(self.context, card.chart, card.values)
            except DataError as error:
                return replace(card, alert=f"{card.alert} {error}".strip())
            card = replace(card, picture=chart, answer=chart.answers[0])
        return replace(card, title=card.title or card.picture.title) if card.picture else card
