"""Charts that set the cities beside each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from longevity.charts.chart import Chart, beside
from longevity.charts.figures import changes, cities
from longevity.reports.chart_catalogue.definition import COMPARED, MEASURE, Entry, through_of
from longevity.reports.context import ReportContext
from longevity.stats import baselines, funnel_plot, rates, windows
from longevity.stats.dispersion import IN_SLICES, Dispersion, by_city, of_series
from longevity.text import availability, chart_titles, city_comparison
from longevity.warehouse.warehouse import Answer

DAYS = 365
TOGETHER = "Together"
Made = tuple[Chart, tuple[Answer, ...]]


def against_baselines(context: ReportContext, measure: str) -> list[baselines.YearToDate]:
    """This year so far of each comparable city, and of all, against every baseline."""
    answer = context.ask("year_to_date_by_city")
    about = context.ask("cities").frame
    days = {
        str(city): None if pd.isna(day) else day.date()
        for city, day in zip(about["city"], about["data_through"], strict=True)
    }
    fair = windows.fair(days, context.cities)
    launched = {city.id: city.launched_on for city in context.settings.cities.values()}
    tested = city_comparison.tested(measure)
    slices = context.ask("rolling_by_city", **IN_SLICES)
    return baselines.year_to_date(
        answer.frame,
        tested,
        through_of(context),
        {city: launched[city] for city in fair.compared},
        baselines.dispersions(slices.frame, tested, fair.compared),
    )


def _baselines(context: ReportContext, values: Mapping[str, str]) -> Made:
    told = against_baselines(context, values["measure"])
    names = {**context.cities, baselines.TOGETHER: TOGETHER}
    least = context.settings.thresholds.least_base_for_percentage
    title = city_comparison.baselines_title(told, names)
    chart = changes.against_baselines(told, names, context.make_drawing(), least, title)
    tested = city_comparison.tested(values["measure"])
    return beside(chart, context.explain_absence(tested)), (
        context.ask("year_to_date_by_city"),
        context.ask("cities"),
    )


def _pooled(context: ReportContext, measure: str) -> Dispersion | None:
    """How much the counts of a city swing by chance, read from all cities."""
    slices = context.ask("rolling_by_city", **IN_SLICES)
    return of_series(list(by_city(slices.frame, measure).values()))


def _rates(context: ReportContext, values: Mapping[str, str]) -> Made:
    measure = values["measure"]
    year = context.ask("rolling_by_city", days=DAYS, windows=1, years=0)
    residents = context.ask("residents_by_city")
    of_year = city_comparison.newest(year.frame, residents.frame)
    slices = context.ask("rolling_by_city", **IN_SLICES)
    own = baselines.dispersions(slices.frame, measure, [*of_year["city"]])
    found = rates.by_city(of_year, measure, DAYS, own)
    title = chart_titles.title(city_comparison.rates_sentence(found, context.cities))
    chart = cities.rates(found, context.make_drawing(), measure, DAYS, title)
    return beside(chart, context.explain_absence(measure)), (year, residents)


def _funnel(context: ReportContext, values: Mapping[str, str]) -> Made:
    measure = values["measure"]
    first = windows.last_days(through_of(context), DAYS)[0]
    located = context.ask("victims_by_neighbourhood", date_from=first)
    named = availability.known(located.frame, measure).rename(columns={"neighbourhood": "name"})
    found = funnel_plot.funnel(named, measure, DAYS, _pooled(context, measure))
    title = chart_titles.funnel(found)
    chart = cities.funnel(found, context.make_drawing(), measure, title)
    chart = replace(chart, said=chart_titles.beyond(found.sentence, title))
    return beside(chart, context.explain_absence(measure)), (located,)


ENTRIES = (
    Entry(
        "baselines",
        "This year so far against every baseline",
        (MEASURE,),
        _baselines,
        subject=COMPARED,
        kind="intervals",
    ),
    Entry(
        "rates",
        "Rates per resident, with their intervals",
        (MEASURE,),
        _rates,
        subject=COMPARED,
        kind="intervals",
    ),
    Entry(
        "funnel",
        "Neighbourhoods in a funnel",
        (MEASURE,),
        _funnel,
        subject=COMPARED,
        kind="points",
    ),
)
