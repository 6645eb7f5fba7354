"""Briefing: up or down, is it real, what did the money buy, and what needs attention?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import pandas as pd

from longevity.findings import change_wording, year_to_date
from longevity.findings import places as neighbourhoods
from longevity.findings.finding import TOGETHER, find_tested
from longevity.findings.year_to_date import Compared
from longevity.measures import wording
from longevity.measures.nouns import MEASURES
from longevity.screens import briefing_program as program
from longevity.screens import briefing_violence as violence
from longevity.screens.attention import find_attention
from longevity.screens.context import ReportContext
from longevity.screens.report import Report, Row, Tab, Tile

SCREEN = "briefing"
NAME = "state briefing"  # on slides and paper


def build(context: ReportContext, measure: str) -> Report:
    """Return the screen for any viewer."""
    return Briefing(context, measure).build()


def build_briefing(context: ReportContext, measure: str | None = None) -> Report:
    """Return the briefing to take away, of what this viewer sees; DataError without incidents.

    It opens as the screen does, and goes on in the order it is told in: how it went, where and
    whom it hit, what the program did and the money bought, what nobody can say. `measure`: people
    shot, or where not every city's source holds them the first that all do.
    """
    counted = measure or context.list_measures()[0]
    report = build(context, counted)
    overview, reached = report.tabs
    return replace(
        report,
        tabs=(
            replace(overview, build=lambda: [violence.list_slides(context, counted)]),
            replace(reached, build=lambda: [program.list_slides(context)]),
        ),
    )


@dataclass(frozen=True)
class Briefing:
    """The screen for any viewer. `measure`: what is counted."""

    context: ReportContext
    measure: str

    def build(self) -> Report:
        """Return the screen."""
        context = self.context
        cities = context.list_years(self.measure)
        together = context.find_year(self.measure)[TOGETHER]
        shown = [together, *cities] if len(cities) > 1 else cities
        through = context.find_last_day()
        late = context.find_late_starts_in(through.year)
        counted = set(context.ask_year_to_date().frame["city"])
        not_whole = neighbourhoods.describe_cities_not_covered(
            late, context.cities, f"in {through.year}", not counted.isdisjoint(late)
        )
        known = counted.union(late)
        silent = context.say(
            "year_to_date.missing",
            places=[name for city, name in context.cities.items() if city not in known],
        )
        why_not = context.explain_absence(self.measure) or context.explain_absence("victims")
        answer = partial(
            year_to_date.write_headline, together.last_year, [year.last_year for year in cities]
        )
        return Report(
            SCREEN,
            (
                Tab("overview", "Overview", answer, self.overview),
                Tab("program", "Program", partial(program.write_answer, context), self.program),
            ),
            tiles=tuple(map(self.tile, shown)),
            alerts=tuple(filter(None, (silent, not_whole, why_not))),
            attention=find_attention(context),
            not_for_release=not context.is_public,
        )

    def tile(self, year: Compared) -> Tile:
        """Return the tile of one city, or of all together."""
        finding, tested = year.last_year, find_tested(self.measure)
        base = self.context.find_year(tested)[year.place].last_year
        words = change_wording.describe_finding(base)
        return Tile(
            f"{year.name}, {year_to_date.format_days_of_year(self.context.find_last_day())}",
            wording.format_count(finding.now),
            **change_wording.write_tile(finding),
            trend=sum_by_year(self.context.ask_year_to_date().frame, self.measure, year.place),
            help=f"Tested on {MEASURES[tested]}: {words.sentence}",
        )

    def overview(self) -> Sequence[Row]:
        """Return the year so far in lines, beside what the money bought; the share of the state."""
        lines = violence.so_far(self.context, self.measure)
        return [
            [lines, program.money(self.context)],
            [violence.share_of_state(self.context)],
        ]

    def program(self) -> Sequence[Row]:
        """Return whom the program reached."""
        return [[program.reach(self.context)]]


def sum_by_year(frame: pd.DataFrame, measure: str, city: str) -> tuple[float | None, ...]:
    """Return the counts of a city, or of TOGETHER, in each year of any city; None: not known.

    `frame`: city, year, counts. A year that one of the cities lacks is no sum of them all.
    """
    by_year = frame.pivot(index="year", columns="city", values=measure).astype("Float64")
    by_year[TOGETHER] = by_year.sum(axis="columns", skipna=False)
    counts = by_year.get(city, ())
    return tuple(None if pd.isna(count) else float(count) for count in counts)
