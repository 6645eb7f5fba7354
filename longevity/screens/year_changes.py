"""This year so far, counted and tested once for every screen, chart and document."""

from __future__ import annotations

from longevity.findings import counting
from longevity.findings.counting import Counts
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
    through, cities = find_last_day(context), [*context.spans]
    launched = {city.id: city.launched_on for city in context.settings.cities.values()}
    tested = find_tested(measure)
    counts = _read_counts(context)
    slices = dispersion.read_slices_by_city(counting.count_slices(context, through).frame, tested)
    series = {city: slices.get(city, []) for city in cities}
    series[TOGETHER] = dispersion.sum_series([series[city] for city in cities])
    return find_year_to_date(
        counts,
        measure,
        through,
        {city: launched[city] for city in cities},
        {place: dispersion.estimate_dispersion([own]) for place, own in series.items()},
        {**context.cities, TOGETHER: f"{NUMBERS.get(len(counts), len(counts))} cities"},
        context.least_base,
    )


def _read_counts(context: ReportContext) -> dict[str, Counts]:
    """Return the same days of each year, by city and measure, as far as they are known."""
    frame = context.ask_year_to_date().frame
    by_city = frame.groupby("city", observed=True, sort=False)
    return {str(city): counting.read_counts(rows) for city, rows in by_city}
