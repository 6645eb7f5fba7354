"""This year so far against the same days of last year: all cities together, and each."""

from __future__ import annotations

from collections.abc import Sequence

from longevity.reports.chart_catalogue.city_comparison import compare_with_baselines
from longevity.reports.chart_catalogue.definition import find_last_day
from longevity.reports.context import ReportContext
from longevity.stats.baselines import TOGETHER, Baseline, YearToDate
from longevity.stats.comparison import Outcome
from longevity.text import counts
from longevity.text.headlines import Change


def compare_years(context: ReportContext, measure: str) -> Sequence[YearToDate]:
    """Return each city, and all together, against every baseline."""
    compared: Sequence[YearToDate] = context.compute(compare_with_baselines, measure)
    return compared


def list_changes(context: ReportContext, measure: str) -> dict[str, Change]:
    """Return the change of all cities (TOGETHER), then of each that has counts, by city.

    What is counted is `measure`; the verdict is that of the test, on incidents where people are
    counted (`compare_with_baselines`).
    """
    through = find_last_day(context)
    frame = context.ask_year_to_date().frame
    least = context.settings.thresholds.least_base_for_percentage
    outcomes = {each.city: _last_year(each) for each in compare_years(context, measure)}
    with_rows = counts.find_cities_with_rows(frame, context.cities)
    names = {TOGETHER: counts.name_together(len(with_rows), len(context.cities))} | with_rows
    changes = {}
    for city, name in names.items():
        own = None if city == TOGETHER else city
        counted = counts.compare_year_to_date(frame, measure, through, own)
        outcome = outcomes.get(city, Outcome.UNKNOWN)
        changes[city] = Change(name, counted.current, counted.previous, outcome, least)
    return changes


def _last_year(compared: YearToDate) -> Outcome:
    last = next(a for a in compared.against if a.baseline is Baseline.LAST_YEAR)
    return last.comparison.outcome
