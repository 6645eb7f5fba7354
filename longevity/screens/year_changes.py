"""This year so far, counted and tested once for every screen, chart and document."""

from __future__ import annotations

from longevity.findings import counting
from longevity.findings.finding import TOGETHER, find_tested
from longevity.findings.year_to_date import Compared, find_year_to_date
from longevity.screens.chart_catalogue.definition import find_last_day
from longevity.screens.context import ReportContext
from longevity.stats import dispersion

NUMBERS = {2: "Two", 3: "Three", 4: "Four"}


def find_year(context: ReportContext, measure: str) -> dict[str, Compared]:
    """Return each city that has data, then all of them (TOGETHER), against every baseline."""
    found: dict[str, Compared] = context.compute(_find_year, measure)
    return found


def list_cities(context: ReportContext, measure: str) -> list[Compared]:
    """Return the cities of `find_year` of which this year is counted, without their sum."""
    counted = set(context.ask_year_to_date().frame["city"])
    return [year for place, year in find_year(context, measure).items() if place in counted]


def _find_year(context: ReportContext, measure: str) -> dict[str, Compared]:
    through, cities = find_last_day(context), context.settings.cities
    by_city = context.ask_year_to_date().frame.groupby("city", observed=True, sort=False)
    counts = {str(city): counting.read_counts(rows) for city, rows in by_city}
    slices = counting.count_slices(context, through).frame
    known = dispersion.read_slices_by_city(slices, find_tested(measure))
    series = {city: known.get(city, []) for city in context.spans}
    series[TOGETHER] = dispersion.sum_series([*series.values()])
    return find_year_to_date(
        counts,
        measure,
        through,
        {city: cities[city].launched_on for city in context.spans},
        {place: dispersion.estimate_dispersion([own]) for place, own in series.items()},
        {**context.cities, TOGETHER: f"{NUMBERS.get(len(counts), len(counts))} cities"},
        context.least_base,
    )
