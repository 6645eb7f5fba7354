"""Charts of counts over time: the year so far, years, twelve months at a time.

How they are drawn is declared in `words/*.toml`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from longevity.charts.chart import Chart, name_measure
from longevity.facts import windows
from longevity.facts.counted import MEASURES
from longevity.facts.windows import Window
from longevity.findings import availability, counting, year_to_date
from longevity.screens.chart_catalogue.definition import make_chart
from longevity.screens.choice import Values
from longevity.screens.context import ReportContext
from longevity.warehouse.warehouse import Answer
from longevity.words import dates
from longevity.words.language import translate
from longevity.words.say import say


def describe_measure(measure: str) -> dict[str, Any]:
    """Return facts for a chart's words: the measure's noun, and its name in a file's name."""
    return {"noun": MEASURES[measure], "file": name_measure(measure)}


def count_same_days(context: ReportContext, values: Values) -> Chart:
    """Chart the counts from January 1 to the same day of each year, a line for each city."""
    answer, measure = context.ask_year_to_date(), values["measure"]
    through = context.find_last_day()
    findings = [year.last_year for year in context.list_years(measure)]
    counted = answer.frame.drop(columns=["date_from", "date_until"])
    supplied = availability.select_known(counted, measure)
    days = year_to_date.format_days_of_year(through)
    return make_chart(
        context,
        "year-to-date",
        supplied.assign(count=supplied[measure]).sort_values("year"),
        answers=(answer, context.ask("cities"), counting.count_slices(context, through)),
        facts=describe_measure(measure) | {"days": days},
        table=supplied,
        finding=year_to_date.write_title(findings),
        topic=context.say("year_to_date.topic", year_to_date.list_facts(findings[0])),
        sentences=(context.explain_absence(measure),),
    )


def chart_years(
    context: ReportContext,
    answer: Answer,
    frame: pd.DataFrame,
    measure: str,
    through: date,
    finding: str,
    places: Sequence[str],
    sentence: str,
) -> Chart:
    """Chart counts by year (`frame`: city, year, complete, counts).

    A year that the data hold only in part is drawn as a hollow bar. `through`: the last day
    counted; `finding`: the title that says what was found; `places`: the names of the places, for
    the title that says only the subject; `sentence`: one to show next to the chart.
    """
    begins = {
        city.id: place_in_year(city.launched_on)
        for city in context.settings.cities.values()
        if city.launched_on
    }
    partial = [
        translate("{year} (to {day})", year=year, day=dates.format_day_of_year(through))
        if year == through.year
        else f"{year}"
        for year in sorted({*frame.loc[~frame["complete"].astype(bool), "year"].astype(int)})
    ]
    years = dates.format_years(frame["year"].min(), frame["year"].max())
    topic = context.say("counted.years", noun=MEASURES[measure], places=places, years=years)
    return make_chart(
        context,
        "years",
        frame.assign(count=frame[measure], begins=frame["city"].map(begins).astype("float64")),
        answers=(answer,),
        facts=describe_measure(measure) | {"parts": partial},
        table=frame,
        finding=finding,
        topic=topic,
        sentences=(sentence,),
    )


def place_in_year(day: date) -> float:
    """Return where a day is on an axis of years: 2025.5 is January 1, 2026, 2026 its middle."""
    return day.year - 0.5 + day.timetuple().tm_yday / 366


def write_newest_title(
    noun: str,
    frame: pd.DataFrame,
    column: str,
    measure: str,
    cities: Mapping[str, str],
    name: Callable[[Any], str] = str,
) -> str:
    """Return a title with each city's count in the newest year that all have, and the year before.

    `frame`: city, `measure` and `column`: a year, or the month that twelve months end with; only
    whole years. `noun`: what is counted; `name`: writes a value of `column`.
    """
    known = frame[frame[measure].notna()].pivot(index=column, columns="city", values=measure)
    common = known.dropna().index
    if common.empty:
        return say("counted.newest_none", noun=noun)
    last = common[-1]
    before = last - (pd.DateOffset(years=1) if isinstance(last, date) else 1)
    figures = known.reindex([last, before])
    places = [
        say("counted.place", name=cities[str(city)], now=now, before="" if pd.isna(then) else then)
        for city, (now, then) in figures.items()
    ]
    when = {"when": name(last), "before": name(before)}
    return say("counted.newest", when, noun=noun, places=places)


def list_twelve_months(first: date, through: date) -> list[Window]:
    """Return, for each month that is over, the window of the twelve months that end with it."""
    months = windows.list_months(first, through)
    return [(windows.step_back_years(until, 1), until) for _, until in months if until.day == 1]


def sum_twelve_months(context: ReportContext, values: Values) -> Chart:
    """Chart the counts of the twelve months up to each month, a line for each city."""
    measure, noun = values["measure"], MEASURES[values["measure"]]
    answer = counting.count_whole(context, list_twelve_months(*context.find_span()))
    known = availability.select_known(answer.frame, measure)
    month = known["date_until"] - pd.DateOffset(months=1)
    summed = known.assign(month=month)[["city", "month", measure]]
    launched = {
        city.id: pd.Timestamp(city.launched_on.replace(day=1))
        for city in context.settings.cities.values()
        if city.launched_on
    }

    def name(month: date) -> str:
        return translate("twelve months to {month}", month=dates.format_month(month))

    title = write_newest_title(
        noun, summed, column="month", measure=measure, cities=context.cities, name=name
    )
    begins = pd.to_datetime(summed["city"].astype(object).map(launched))
    return make_chart(
        context,
        "twelve-months",
        summed.assign(count=summed[measure], launched=begins),
        answers=(answer,),
        facts=describe_measure(measure),
        table=summed,
        finding=title,
        topic=context.say("counted.months", noun=noun),
        sentences=(context.explain_absence(measure),),
    )
