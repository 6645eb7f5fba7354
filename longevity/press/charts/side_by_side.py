"""Charts that set the cities beside each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from longevity.measures import (
    baselines,
    comparison,
    findings,
    funnel,
    held,
    rates,
    side_by_side,
    windows,
)
from longevity.measures.comparison import Spread
from longevity.press.chart import Chart, beside
from longevity.press.charts.entry import COMPARED, MEASURE, Entry, through_of
from longevity.press.desk import Desk
from longevity.press.figures import changes, standing
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
    fair = windows.fair(days, desk.cities)
    launched = {city.id: city.launched_on for city in desk.settings.cities.values()}
    return baselines.year_to_date(
        answer.frame,
        side_by_side.tested(measure),
        through_of(desk),
        {city: launched[city] for city in fair.compared},
    )


def _baselines(desk: Desk, values: Mapping[str, str]) -> Made:
    told = against_baselines(desk, values["measure"])
    names = {**desk.cities, baselines.TOGETHER: TOGETHER}
    least = desk.settings.thresholds.least_base_for_percentage
    title = side_by_side.baselines_title(told, names)
    chart = changes.against_baselines(told, names, desk.drawing(), least, title)
    tested = side_by_side.tested(values["measure"])
    return beside(chart, desk.why_not(tested)), (
        desk.ask("year_to_date_by_city"),
        desk.ask("cities"),
    )


def _spread(desk: Desk, measure: str) -> tuple[Answer, Spread | None]:
    """The windows of a year, and how much more they vary than chance."""
    through = through_of(desk)
    year = desk.ask("rolling_by_city", days=DAYS, windows=1, years=comparison.YEARS_OF_HISTORY)
    known = side_by_side.history(year.frame, through)
    return year, comparison.spread_before(known, measure, through.year, ["city"])


def _rates(desk: Desk, values: Mapping[str, str]) -> Made:
    measure = values["measure"]
    year, spread = _spread(desk, measure)
    residents = desk.ask("residents_by_city")
    of_year = side_by_side.newest(year.frame, residents.frame)
    found = rates.with_intervals(of_year, measure, DAYS, spread)
    title = findings.title(side_by_side.rates_sentence(found, desk.cities))
    chart = standing.rates(found, desk.drawing(), measure, DAYS, title)
    return beside(chart, desk.why_not(measure)), (year, residents)


def _funnel(desk: Desk, values: Mapping[str, str]) -> Made:
    measure = values["measure"]
    _, spread = _spread(desk, measure)
    first = windows.last_days(through_of(desk), DAYS)[0]
    located = desk.ask("victims_by_neighbourhood", date_from=first)
    named = held.known(located.frame, measure).rename(columns={"neighbourhood": "name"})
    found = funnel.funnel(named, measure, DAYS, spread)
    title = findings.funnel(found)
    chart = standing.funnel(found, desk.drawing(), measure, title)
    chart = replace(chart, said=findings.beyond(found.sentence, title))
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
