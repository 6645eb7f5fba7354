"""This week: what happened in one city last week and where, against what, and what waits?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from longevity.charts.chart import MEASURES, Chart
from longevity.charts.figures import maps
from longevity.reports.chart_catalogue import neighbourhoods
from longevity.reports.context import ReportContext
from longevity.reports.report import Card, Report, Row, Tab, Tile
from longevity.reports.week_sections import Section, Told
from longevity.stats import rates
from longevity.text.counts import format_count
from longevity.text.rates import add_hover_text

SCREEN = "weekly_review"


@dataclass(frozen=True)
class ThisWeek:
    """The screen of one city's week."""

    context: ReportContext
    week: Told

    def build(self) -> Report:
        """Return the screen."""
        return Report(
            SCREEN,
            self.week.headline,
            (
                Tab("week", "This week", self.events),
                Tab("comparisons", "Comparisons", self.comparisons),
            ),
            tiles=tuple(self.tiles()),
            not_for_release=True,
        )

    def tiles(self) -> Iterator[Tile]:
        """Return the people shot in each window against last year, and the plain counts."""
        year = self.week.week.ending.year - 1
        shown = {label for label, _, _ in self.week.changes}
        for label, change, tested_on in self.week.changes:
            base = "" if change.previous is None else f"{change.previous} in {year}"
            value = format_count(change.current)
            yield Tile(label, value, change.amount, base, change.chip, help=tested_on)
        for label, value in self.week.figures:
            if not shown or label.startswith("Killed"):
                yield Tile(label, value)

    def events(self) -> Sequence[Row]:
        """Return the map beside each shooting, then what waits."""
        shootings, promises, *program = self.week.lists
        now = [self._card(shootings, 2), self._card(promises, 2)]
        cards = [self._card(section) for section in program if section.says_more]
        notes = Card("weekly.notes", "Data notes", self.week.notes)
        return [[*self._where(), now], cards, [notes]]

    def comparisons(self) -> Sequence[Row]:
        """Return the week, 28 days and the year so far against every baseline."""
        compared = self.week.comparisons
        table = Card(
            "weekly.compared",
            compared.title,
            (compared.sentence,),
            table=compared.frame,
            answer=compared.answer,
        )
        in_full = Card("weekly.in_full", "Each comparison with its interval", self.week.in_full)
        return [[table], [self._card(self.week.places), in_full]]

    def _card(self, section: Section, width: int = 1) -> Card:
        key = f"weekly.{section.name}"
        if section.missing:
            return Card(key, section.title, alert=section.missing, width=width)
        cut = f"The first {len(section.rows):,} of {section.of_all:,}." if section.left_out else ""
        return Card(
            key,
            section.title,
            (section.sentence,),
            table=section.frame if section.rows else None,
            answer=section.answer,
            every_row=_make_table(section) if section.left_out else None,
            note=cut,
            width=width,
        )

    def _where(self) -> Sequence[Card]:
        if not self.context.has_boundaries(self.week.city):
            return []
        measure, noun = self.week.counted
        areas = rates.compute_area_values(self.week.month, measure, 28)
        areas = add_hover_text(areas, measure, MEASURES[measure], 28)
        shades = self.context.compute(neighbourhoods.classify_28_days, self.context, measure)
        picture: Chart = maps.draw_areas(
            areas,
            self.context.read_boundaries(self.week.city),
            self.context.make_drawing(),
            shades,
            None,
            self.week.name,
            (300, 360),
        )
        answer = self.week.places.answer
        title = f"{noun.capitalize()}, 28 days"
        return [Card("weekly.map", title, picture=picture, answer=answer)]


def _make_table(section: Section) -> Callable[[pd.DataFrame], pd.DataFrame] | None:
    """Return what makes the section's table of an answer that has every row."""
    make = section.make
    if make is None:
        return None
    return lambda frame: pd.DataFrame(make(frame), columns=list(section.header), dtype="str")
