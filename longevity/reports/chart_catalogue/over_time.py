"""Charts of counts over time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from longevity.charts.chart import Chart, add_sentence
from longevity.charts.figures import cities, shares, trends, weeks
from longevity.charts.figures import record as drawn_record
from longevity.errors import DataError
from longevity.reports.chart_catalogue.definition import (
    MEASURE,
    OVER_TIME,
    Entry,
    Parameter,
    through_of,
)
from longevity.reports.context import ReportContext
from longevity.stats import windows
from longevity.text import (
    availability,
    chart_titles,
    city_comparison,
    counts,
    published_record,
    reporting_delay,
)
from longevity.warehouse.warehouse import Answer

YEARS_OF_MONTHS = 2  # before this one
WEEKS_OF_REPORTS = 156  # late reports are judged by
Made = tuple[Chart, tuple[Answer, ...]]


def _draw_year_to_date(context: ReportContext, values: Mapping[str, str]) -> Made:
    answer = context.ask("year_to_date_by_city")
    through = through_of(context)
    measure = values["measure"]
    title = counts.write_same_days_title(answer.frame, measure, through, context.cities)
    known = availability.select_known(answer.frame, measure)
    chart = trends.draw_same_days(known, context.make_drawing(), measure, title, through)
    return add_sentence(chart, context.explain_absence(measure)), (answer,)


def _draw_months(context: ReportContext, values: Mapping[str, str]) -> Made:
    through = through_of(context)
    answer = context.ask("victims_by_month", date_from=f"{through.year - YEARS_OF_MONTHS}-01-01")
    measure = values["measure"]
    title = counts.write_months_title(answer.frame, measure, context.cities)
    chart = trends.draw_months(
        availability.select_known(answer.frame, measure), context.make_drawing(), measure, title
    )
    return add_sentence(chart, context.explain_absence(measure)), (answer,)


def _draw_twelve_months(context: ReportContext, values: Mapping[str, str]) -> Made:
    answer = context.ask("victims_by_month")
    measure = values["measure"]
    launched = {city.id: city.launched_on for city in context.settings.cities.values()}
    summed = city_comparison.sum_twelve_months(
        availability.select_known(answer.frame, measure), measure, launched
    )
    title = chart_titles.write_twelve_months_title(summed, measure, context.cities)
    chart = cities.draw_twelve_months(summed, context.make_drawing(), measure, title)
    return add_sentence(chart, context.explain_absence(measure)), (answer,)


def _draw_newest_weeks(context: ReportContext, values: Mapping[str, str]) -> Made:
    through = through_of(context)
    first = windows.span_last_days(through, city_comparison.RECENT_DAYS)[0]
    recent = context.ask("victims_by_week", date_from=first)
    known = availability.select_known(recent.frame, "incidents")
    if known.empty and len(recent.frame):
        raise DataError(context.explain_absence("incidents"))
    entered = context.ask("incidents_by_day_recorded", weeks=WEEKS_OF_REPORTS)
    growth = context.estimate_growth(entered, through)
    released = context.ask("weeks_as_first_published")
    said = []
    for city, grown in growth.items():
        if city not in set(known["city"]):
            continue
        seen = reporting_delay.describe_growth_in_releases(
            released.frame[released.frame["city"] == city]
        )
        said.append(f"{context.cities[city]}: {reporting_delay.describe_growth(grown)} {seen}")
    title = chart_titles.write_newest_weeks_title(known, growth, context.cities)
    chart = weeks.draw_newest_weeks(known, growth, context.make_drawing(), title)
    chart = replace(chart, said=tuple(said))
    return add_sentence(chart, context.explain_absence("incidents")), (recent, entered, released)


def _draw_gun_share(context: ReportContext, values: Mapping[str, str]) -> Made:
    answer = context.ask("gun_share_by_city_year")
    through = through_of(context)
    least = context.settings.thresholds.least_base_for_percentage
    known = availability.select_known(
        availability.select_known(answer.frame, "homicides"), "firearm_homicides"
    )
    if known.empty and len(answer.frame):
        raise DataError(context.explain_absence("homicides") or context.explain_absence("fatal"))
    title = chart_titles.write_gun_share_title(answer.frame, through, context.cities, least)
    chart = shares.draw_firearm_share(known, context.make_drawing(), title)
    return add_sentence(chart, context.explain_absence("homicides")), (answer,)


def _list_keys(context: ReportContext) -> dict[str, str]:
    return {city.reference_key: city.id for city in context.settings.cities.values()}


def _list_metrics(context: ReportContext) -> Mapping[str, str]:
    frame = context.ask("published_counts").frame
    return published_record.list_metrics(frame, _list_keys(context)) or {
        "homicides": published_record.METRICS["homicides"]
    }


def _draw_published(context: ReportContext, values: Mapping[str, str]) -> Made:
    answer = context.ask("published_counts")
    own = published_record.select_metric(answer.frame, values["metric"], _list_keys(context))
    if own.empty:
        where = "these cities" if len(context.cities) > 1 else "this city"
        raise DataError(f"No published figure of {where} is among the reference facts.")
    title = published_record.write_title(own, _list_metrics(context)[values["metric"]])
    chart = drawn_record.draw_published_record(own, context.make_drawing(), title)
    return replace(chart, said=tuple(published_record.list_disagreements(own, context.cities))), (
        answer,
    )


ENTRIES = (
    Entry(
        "year-to-date",
        "This year so far, and the same days of each year",
        (MEASURE,),
        _draw_year_to_date,
    ),
    Entry("months", "Month by month, one row a city", (MEASURE,), _draw_months, kind="bars"),
    Entry("twelve-months", "Twelve months at a time", (MEASURE,), _draw_twelve_months),
    Entry(
        "newest-weeks", "The newest weeks, which still grow", (), _draw_newest_weeks, kind="bars"
    ),
    Entry("gun-share", "Homicides by firearm, year by year", (), _draw_gun_share, kind="bars"),
    Entry(
        "published-record",
        "What others published",
        (Parameter("metric", "Published figure", _list_metrics),),
        _draw_published,
        subject=OVER_TIME,
    ),
)
