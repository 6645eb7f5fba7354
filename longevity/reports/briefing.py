"""Briefing: up or down, is it real, what did the money buy, and what needs attention?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from longevity.charts.chart import MEASURES
from longevity.errors import DataError
from longevity.reports import briefing_sections as sections
from longevity.reports.attention import find_attention
from longevity.reports.chart_catalogue import evaluation
from longevity.reports.chart_catalogue.definition import through_of
from longevity.reports.context import ReportContext
from longevity.reports.report import Card, Report, Row, Tab, Tile
from longevity.reports.sections import Section
from longevity.reports.year_changes import compare_years, list_changes
from longevity.stats.baselines import TOGETHER, Baseline
from longevity.text import (
    baselines,
    briefing,
    budget_and_reviews,
    counts,
    evaluation_rows,
    headlines,
    money_bought,
)
from longevity.text.headlines import Change

SCREEN = "state_briefing"


@dataclass(frozen=True)
class Briefing:
    """The screen for any viewer. `measure`: what is counted."""

    context: ReportContext
    measure: str

    def build(self) -> Report:
        """Return the screen."""
        context = self.context
        changes = list_changes(context, self.measure)
        several = len(context.cities) > 1
        together = changes.pop(TOGETHER)
        shown = {TOGETHER: together, **changes} if several else changes
        silent = counts.describe_cities_without_rows(
            context.ask("year_to_date_by_city").frame, context.cities
        )
        why_not = context.explain_absence(self.measure) or context.explain_absence("victims")
        return Report(
            SCREEN,
            headlines.headline(
                MEASURES[self.measure],
                together if several else None,
                list(changes.values()),
                through_of(context).year,
            ),
            (
                Tab("overview", "Overview", self.overview),
                Tab("table", "Table", self.table),
                Tab("statewide", "Statewide and guns", self.statewide),
                Tab("program", "Program", self.program),
            ),
            tiles=tuple(self.tile(city, change) for city, change in shown.items()),
            alerts=tuple(filter(None, (silent, why_not))),
            attention=find_attention(context),
            not_for_release=context.viewer.named_scope is not None,
        )

    def tile(self, city: str, change: Change) -> Tile:
        """Return the tile of one city, or of all together."""
        through = through_of(self.context)
        frame = self.context.ask("year_to_date_by_city").frame
        rows = frame if city == TOGETHER else frame[frame["city"] == city]
        by_year = rows.groupby("year")[self.measure].sum(min_count=1).dropna()
        base = "" if change.previous is None else f"{change.previous} in {through.year - 1}"
        return Tile(
            f"{change.name}, {counts.format_year_so_far(through)}",
            counts.format_count(change.current),
            change.amount,
            base,
            change.chip,
            tuple(float(count) for count in by_year),
            self.tested(city),
        )

    def tested(self, city: str) -> str:
        """Return what the verdict was tested on, with its interval."""
        least = self.context.settings.thresholds.least_base_for_percentage
        for each in compare_years(self.context, self.measure):
            if each.city == city:
                last = next(a for a in each.against if a.baseline is Baseline.LAST_YEAR)
                words = baselines.describe_comparison(last, least)
                return f"Tested on incidents: {words.sentence}"
        return ""

    def overview(self) -> Sequence[Row]:
        """Return the year so far in lines, beside what the money bought."""
        values = {"measure": self.measure}
        lines = Card("briefing.so-far", chart="year-to-date", values=values, width=3)
        return [[lines, replace(self.money(), width=2)]]

    def money(self) -> Card:
        """Return what was spent, whom it reached, and what came of it."""
        context = self.context
        facts = context.ask("published_counts", metric=budget_and_reviews.PUBLISHED_METRIC)
        published = " ".join(budget_and_reviews.list_published_amounts(facts.frame))
        title = "What the money bought"
        evidence = tuple(self.evidence())
        if context.viewer.named_scope is None:
            sentences = (published or briefing.NO_FACT, *evidence, briefing.NOT_PUBLIC)
            return Card("briefing.money", title, sentences)
        own = context.viewer.city
        cities = {city: name for city, name in context.cities.items() if own in (None, city)}
        cost = context.ask("cost_per_person_reached", **({"city": own} if own else {}))
        spending = money_bought.describe_spending(cost.frame, cities) or briefing.NO_COST
        table = money_bought.spending_table(cost.frame, cities)
        return Card(
            "briefing.money",
            title,
            (spending, *evidence),
            table=None if table.empty else table,
            answer=cost,
            note=published,
        )

    def evidence(self) -> Sequence[str]:
        """Return what Evidence says of each city, in its own words."""
        said = []
        for city in self.context.cities:
            try:
                evaluated, _ = evaluation.evaluate_city(self.context, city)
            except DataError:
                continue
            said.append(evaluation_rows.write_opening(evaluated))
        return said

    def table(self) -> Sequence[Row]:
        """Return this year, 28 and 365 days against every baseline."""
        return [*self.cards("baselines"), *self.cards("recent"), *self.cards("rates")]

    def statewide(self) -> Sequence[Row]:
        """Return the share of the state, guns, and month by month."""
        return [*self.cards("share"), *self.cards("months")]

    def program(self) -> Sequence[Row]:
        """Return the reach of the program, and what changed in the data."""
        return [*self.cards("reach"), *self.cards("promises"), *self.cards("changed")]

    def cards(self, key: str) -> Sequence[Row]:
        """Return a section of the briefing as cards."""
        section = sections.section(self.context, key, self.measure)
        return [_cards(section)]


def _cards(section: Section) -> Row:
    note = " ".join(section.notes)
    key = f"briefing.{section.key}"
    cards = []
    if section.drawn:
        drawn = section.drawn
        cards.append(Card(key, "", section.sentences, drawn.entry.name, drawn.values, note=note))
    elif section.sentences or not section.beside:
        cards.append(Card(key, section.heading, section.sentences, note=note))
    for table in section.beside:
        title = table.title or section.heading
        cards.append(Card(f"{key}.{table.key}", title, table=table.frame, answer=table.answer))
    return cards
