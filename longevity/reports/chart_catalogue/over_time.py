"""Charts of counts over time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pandas as pd

from longevity.charts.chart import MEASURES
from longevity.charts.figures import cities, shares, trends, weeks
from longevity.charts.figures import record as drawn_record
from longevity.errors import DataError
from longevity.reports.chart_catalogue.city_comparison import compare_with_baselines
from longevity.reports.chart_catalogue.definition import (
    MEASURE,
    MEASURE_INCIDENTS_FIRST,
    ChartAndAnswers,
    Entry,
    find_last_day,
    finish_chart,
)
from longevity.reports.chart_catalogue.neighbourhoods import YEARS
from longevity.reports.context import ReportContext
from longevity.stats import windows
from longevity.stats.dispersion import IN_SLICES
from longevity.stats.reporting_delay import ReportingDelay, estimate_reporting_delay
from longevity.text import (
    availability,
    chart_titles,
    city_comparison,
    counts,
    offered_titles,
    published_record,
    reporting_delay,
    wording,
)

YEARS_OF_MONTHS = 2  # before this one
WEEKS_OF_REPORTS = 156  # late reports are judged by


def _draw_year_to_date(context: ReportContext, values: Mapping[str, str]) -> ChartAndAnswers:
    answer = context.ask_year_to_date()
    through = find_last_day(context)
    measure = values["measure"]
    finding = counts.write_same_days_title(answer.frame, measure, through, context.cities)
    title = offered_titles.name_subject(MEASURES[measure], finding)
    supplied = availability.select_known(answer.frame, measure)
    chart = trends.draw_same_days(supplied, context.make_drawing(), measure, title, through)
    comparisons = context.compute(compare_with_baselines, measure)
    titles = offered_titles.list_year_to_date_titles(
        MEASURES[measure], answer.frame, measure, comparisons, context.cities
    )
    topic = chart_titles.strip_full_stop(chart.subtitle)
    titles = {offered_titles.TOPIC: topic, **titles}
    tested = (context.ask("cities"), context.ask("rolling_by_city", **IN_SLICES))
    return finish_chart(context, chart, measure, titles, answer, *tested)


def _draw_months(context: ReportContext, values: Mapping[str, str]) -> ChartAndAnswers:
    through = find_last_day(context)
    answer = context.ask("victims_by_month", date_from=f"{through.year - YEARS_OF_MONTHS}-01-01")
    measure = values["measure"]
    finding = counts.write_months_title(answer.frame, measure, context.cities)
    title = offered_titles.name_subject(MEASURES[measure], finding)
    supplied = availability.select_known(answer.frame, measure)
    chart = trends.draw_months(supplied, context.make_drawing(), measure, title)
    titles = offered_titles.list_month_titles(MEASURES[measure], supplied, measure, context.cities)
    return finish_chart(context, chart, measure, titles, answer)


def _draw_twelve_months(context: ReportContext, values: Mapping[str, str]) -> ChartAndAnswers:
    answer = context.ask("victims_by_month")
    measure = values["measure"]
    launched = {city.id: city.launched_on for city in context.settings.cities.values()}
    summed = city_comparison.sum_twelve_months(
        availability.select_known(answer.frame, measure), measure, launched
    )
    noun = MEASURES[measure]
    finding = chart_titles.write_twelve_months_title(summed, measure, context.cities)
    title = offered_titles.name_subject(noun, finding)
    chart = cities.draw_twelve_months(summed, context.make_drawing(), measure, title)
    titles = offered_titles.list_twelve_months_titles(noun, summed, measure, context.cities)
    return finish_chart(context, chart, measure, titles, answer)


def _draw_newest_weeks(context: ReportContext, values: Mapping[str, str]) -> ChartAndAnswers:
    through = find_last_day(context)
    first = windows.span_last_days(through, city_comparison.RECENT_DAYS)[0]
    recent = context.ask("victims_by_week", date_from=first)
    measure = values["measure"]
    supplied = availability.select_known(recent.frame, measure)
    if supplied.empty and len(recent.frame):
        raise DataError(context.explain_absence(measure))
    entered = context.ask("incidents_by_day_recorded", weeks=WEEKS_OF_REPORTS)
    growth = _estimate_growth(context, entered.frame, through)
    released = context.ask("weeks_as_first_published")
    sentences = []
    for city, delay in growth.items():
        if city not in set(supplied["city"]):
            continue
        history = reporting_delay.describe_growth_in_releases(
            released.frame[released.frame["city"] == city]
        )
        sentences.append(
            f"{context.cities[city]}: {reporting_delay.describe_growth(delay)} {history}"
        )
    finding = chart_titles.write_newest_weeks_title(supplied, growth, context.cities, measure)
    title = offered_titles.name_subject(MEASURES[measure], finding)
    chart = weeks.draw_newest_weeks(supplied, growth, context.make_drawing(), title, measure)
    noun = wording.start_sentence(MEASURES[measure])
    titles = {offered_titles.TOPIC: f"{noun} by week, and the newest still to grow"}
    chart = replace(chart, sentences=tuple(sentences))
    return finish_chart(context, chart, measure, titles, recent, entered, released)


def _estimate_growth(
    context: ReportContext, frame: pd.DataFrame, through: date
) -> dict[str, ReportingDelay]:
    """Estimate how much each city's newest weeks still grow, by city.

    `frame`: city, day, recorded_on, incidents.
    """
    least = context.settings.thresholds.least_base_for_percentage
    return {
        city.id: estimate_reporting_delay(
            frame[frame["city"] == city.id], through, city.week_ends_iso, least
        )
        for city in context.settings.cities.values()
    }


def _draw_gun_share(context: ReportContext, values: Mapping[str, str]) -> ChartAndAnswers:
    answer, through = context.ask("gun_share_by_city_year"), find_last_day(context)
    least = context.settings.thresholds.least_base_for_percentage
    is_part = answer.frame["city"].isin(context.find_parts(through.year))
    frame = answer.frame[~(is_part & (answer.frame["year"] == through.year))]
    counts = availability.select_known(
        availability.select_known(frame, "homicides"), "firearm_homicides"
    )
    if counts.empty and len(frame):
        raise DataError(context.explain_absence("homicides") or context.explain_absence("fatal"))
    title = chart_titles.write_gun_share_title(frame, through, context.cities, least)
    chart = shares.draw_firearm_share(counts, context.make_drawing(), title)
    titles = offered_titles.list_gun_share_titles(counts, context.cities)
    return finish_chart(context, chart, "homicides", titles, answer)


def _draw_published(context: ReportContext, _values: Mapping[str, str]) -> ChartAndAnswers:
    answer = context.ask("published_counts")
    keys = {city.reference_key: city.id for city in context.settings.cities.values()}
    record = published_record.select_homicides(answer.frame, keys)
    if record.empty:
        where = "these cities" if len(context.cities) > 1 else "this city"
        raise DataError(f"No published homicides of {where} are among the reference facts.")
    return drawn_record.draw_published_homicides(record, context.make_drawing()), (answer,)


ENTRIES = (
    Entry(
        "year-to-date",
        "This year so far, and the same days of each year",
        (MEASURE,),
        _draw_year_to_date,
    ),
    YEARS,
    Entry("months", "Month by month, one row a city", (MEASURE,), _draw_months),
    Entry("twelve-months", "Twelve months at a time", (MEASURE,), _draw_twelve_months),
    Entry(
        "newest-weeks",
        "The newest weeks, which still grow",
        (MEASURE_INCIDENTS_FIRST,),
        _draw_newest_weeks,
    ),
    Entry("gun-share", "Homicides by firearm, year by year", (), _draw_gun_share),
    Entry("published-homicides", "Published homicides, year by year", (), _draw_published),
)
