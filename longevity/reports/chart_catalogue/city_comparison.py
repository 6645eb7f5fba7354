"""Charts that set the cities beside each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import pandas as pd

from longevity.charts.chart import Chart, beside
from longevity.charts.figures import changes, cities
from longevity.charts.figures.safety_gap import draw_safety_gap
from longevity.errors import DataError
from longevity.reports.chart_catalogue.definition import COMPARED, MEASURE, Entry, through_of
from longevity.reports.context import Desk
from longevity.stats import baselines, funnel_plot, rates, windows
from longevity.stats import safety_gap as safety_gaps
from longevity.stats.dispersion import (
    IN_SLICES,
    SLICE_DAYS,
    SLICES,
    Dispersion,
    estimate_dispersion,
    read_slices_by_city,
)
from longevity.stats.safety_gap import VICTIMS, SafetyGap
from longevity.text import availability, chart_titles, city_comparison
from longevity.text import safety_gap as safety_gap_text
from longevity.text.funnel_plot import describe_funnel
from longevity.warehouse.warehouse import Answer

DAYS = 365
MOST_YEARS = 20  # that the question of neighbourhoods by year steps back
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
    tested = city_comparison.find_test_measure(measure)
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
    title = city_comparison.write_baselines_title(told, names)
    chart = changes.against_baselines(told, names, desk.drawing(), least, title)
    tested = city_comparison.find_test_measure(values["measure"])
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
    of_year = city_comparison.select_newest_windows(year.frame, residents.frame)
    slices = desk.ask("rolling_by_city", **IN_SLICES)
    own = baselines.estimate_dispersions(slices.frame, measure, [*of_year["city"]])
    found = rates.add_rate_intervals_by_city(of_year, measure, DAYS, own)
    title = chart_titles.strip_full_stop(city_comparison.describe_rates(found, desk.cities))
    chart = cities.rates(found, desk.drawing(), measure, DAYS, title)
    return beside(chart, desk.why_not(measure)), (year, residents)


def _funnel(desk: Desk, values: Mapping[str, str]) -> Made:
    measure = values["measure"]
    first = windows.span_last_days(through_of(desk), DAYS)[0]
    located = desk.ask("victims_by_neighbourhood", date_from=first)
    named = availability.select_known(located.frame, measure).rename(
        columns={"neighbourhood": "name"}
    )
    found = funnel_plot.build_funnel(named, measure, DAYS, _pooled(desk, measure))
    title = chart_titles.write_funnel_title(found)
    chart = cities.funnel(found, desk.drawing(), measure, title)
    chart = replace(chart, said=chart_titles.find_text_beyond_title(describe_funnel(found), title))
    return beside(chart, desk.why_not(measure)), (located,)


def measure_safety_gaps(desk: Desk) -> tuple[dict[str, SafetyGap], tuple[Answer, ...]]:
    """Return the safety gap of each city over the whole years there are, and the answers behind."""
    last = (through_of(desk) + timedelta(days=1)).year - 1
    ends = date(last + 1, 1, 1)
    counts = desk.ask(
        "victims_by_neighbourhood_year",
        date_from=date(last, 1, 1),
        date_until=ends,
        years=MOST_YEARS,
    )
    areas = desk.ask("areas")
    slices = desk.ask(
        "rolling_by_neighbourhood",
        through=ends - timedelta(days=1),
        days=SLICE_DAYS,
        windows=SLICES,
    )
    dispersions = safety_gaps.pool_dispersions(slices.frame)
    with_population = safety_gaps.add_population(counts.frame, areas.frame)
    return safety_gaps.measure_safety_gaps(with_population, dispersions), (counts, areas)


def _draw_safety_gap(desk: Desk, _values: Mapping[str, str]) -> Made:
    gaps, answers = measure_safety_gaps(desk)
    sentences = safety_gap_text.list_sentences(gaps, desk.cities)
    table = safety_gaps.build_table(gaps)
    if table["ratio_low"].isna().all():
        raise DataError(" ".join(sentences) or safety_gap_text.NO_YEARS)
    last = int(table["year"].max())
    unlocated = desk.ask(
        "unlocated_victims_by_city",
        date_from=date(last + 1 - safety_gaps.PERIOD, 1, 1),
        date_until=date(last + 1, 1, 1),
    )
    in_no_fifth = safety_gap_text.describe_unlocated(unlocated.frame, gaps, desk.cities)
    title = safety_gap_text.write_title(gaps, desk.cities)
    chart = draw_safety_gap(table, desk.drawing(), title)
    chart = replace(chart, said=(*sentences, in_no_fifth, safety_gap_text.METHOD))
    return beside(chart, desk.why_not(VICTIMS)), (*answers, unlocated)


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
    Entry(
        "safety-gap",
        "Safety gap between neighbourhoods",
        (),
        _draw_safety_gap,
        subject=COMPARED,
    ),
)
