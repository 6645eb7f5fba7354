"""Charts that set the cities beside each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from longevity.charts.chart import Chart, beside
from longevity.charts.figures import changes, cities
from longevity.reports.chart_catalogue.definition import COMPARED, MEASURE, Entry, through_of
from longevity.reports.context import Desk
from longevity.stats import baselines, funnel_plot, rates, windows
from longevity.stats.dispersion import (
    IN_SLICES,
    Dispersion,
    estimate_dispersion,
    read_slices_by_city,
)
from longevity.text import availability, chart_titles, city_comparison
from longevity.text.funnel_plot import describe_funnel
from longevity.warehouse.warehouse import Answer

DAYS = 365
TOGETHER = "Together"
Made = tuple[Chart, tuple[Answer, ...]]


def against_baselines(desk: Desk, measure: str) -> list[baselines.YearToDate]:
    """This year so far of each comparable city, and of all, against every baseline."""
    answer = desk.ask("year_to_date_by_city")
    about = desk.ask("cities").frame
    days = {
        str(city): None if pd.isna(day) else day.date()
        for city, day in zip(about["city"], about["data_through"], strict=True)
    }
    fair = windows.find_common_day(days)
    launched = {city.id: city.launched_on for city in desk.settings.cities.values()}
    tested = city_comparison.tested(measure)
    slices = desk.ask("rolling_by_city", **IN_SLICES)
    return baselines.compare_year_to_date(
        answer.frame,
        tested,
        through_of(desk),
        {city: launched[city] for city in fair.cities},
        baselines.estimate_dispersions(slices.frame, tested, fair.cities),
    )


def _baselines(desk: Desk, values: Mapping[str, str]) -> Made:
    told = against_baselines(desk, values["measure"])
    names = {**desk.cities, baselines.TOGETHER: TOGETHER}
    least = desk.settings.thresholds.least_base_for_percentage
    title = city_comparison.baselines_title(told, names)
    chart = changes.against_baselines(told, names, desk.drawing(), least, title)
    tested = city_comparison.tested(values["measure"])
    return beside(chart, desk.why_not(tested)), (
        desk.ask("year_to_date_by_city"),
        desk.ask("cities"),
    )


def _pooled(desk: Desk, measure: str) -> Dispersion | None:
    """How much the counts of a city swing by chance, read from all cities."""
    slices = desk.ask("rolling_by_city", **IN_SLICES)
    return estimate_dispersion(list(read_slices_by_city(slices.frame, measure).values()))


def _rates(desk: Desk, values: Mapping[str, str]) -> Made:
    measure = values["measure"]
    year = desk.ask("rolling_by_city", days=DAYS, windows=1, years=0)
    residents = desk.ask("residents_by_city")
    of_year = city_comparison.newest(year.frame, residents.frame)
    slices = desk.ask("rolling_by_city", **IN_SLICES)
    own = baselines.estimate_dispersions(slices.frame, measure, [*of_year["city"]])
    found = rates.add_rate_intervals_by_city(of_year, measure, DAYS, own)
    title = chart_titles.title(city_comparison.rates_sentence(found, desk.cities))
    chart = cities.rates(found, desk.drawing(), measure, DAYS, title)
    return beside(chart, desk.why_not(measure)), (year, residents)


def _funnel(desk: Desk, values: Mapping[str, str]) -> Made:
    measure = values["measure"]
    first = windows.span_last_days(through_of(desk), DAYS)[0]
    located = desk.ask("victims_by_neighbourhood", date_from=first)
    named = availability.known(located.frame, measure).rename(columns={"neighbourhood": "name"})
    found = funnel_plot.build_funnel(named, measure, DAYS, _pooled(desk, measure))
    title = chart_titles.funnel(found)
    chart = cities.funnel(found, desk.drawing(), measure, title)
    chart = replace(chart, said=chart_titles.beyond(describe_funnel(found), title))
    return beside(chart, desk.why_not(measure)), (located,)


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
