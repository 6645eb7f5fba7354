"""Charts of counts over time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from longevity.charts.chart import MEASURES
from longevity.charts.figures import cities, shares, trends
from longevity.charts.figures import record as drawn_record
from longevity.errors import DataError
from longevity.findings import counting
from longevity.reports.chart_catalogue.definition import (
    MEASURE,
    ChartAndAnswers,
    Entry,
    find_last_day,
    finish_chart,
)
from longevity.reports.chart_catalogue.neighbourhoods import YEARS
from longevity.reports.context import ReportContext
from longevity.reports.year_changes import list_cities
from longevity.text import (
    availability,
    chart_titles,
    city_comparison,
    counts,
    offered_titles,
    published_record,
)
from longevity.warehouse.warehouse import Answer


def _draw_year_to_date(context: ReportContext, values: Mapping[str, str]) -> ChartAndAnswers:
    answer = context.ask_year_to_date()
    through = find_last_day(context)
    measure = values["measure"]
    cities = list_cities(context, measure)
    finding = counts.write_same_days_title({each.name: each.now for each in cities}, through)
    title = offered_titles.name_subject(MEASURES[measure], finding)
    counted = answer.frame.drop(columns=["date_from", "date_until"])
    supplied = availability.select_known(counted, measure)
    chart = trends.draw_same_days(supplied, context.make_drawing(), measure, title, through)
    titles = offered_titles.list_year_to_date_titles(MEASURES[measure], cities)
    topic = chart_titles.strip_full_stop(chart.subtitle)
    titles = {offered_titles.TOPIC: topic, **titles}
    tested = (context.ask("cities"), counting.count_slices(context, through))
    return finish_chart(context, chart, measure, titles, answer, *tested)


def _draw_twelve_months(context: ReportContext, values: Mapping[str, str]) -> ChartAndAnswers:
    answer = counting.count_months(context)
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


def count_guns(context: ReportContext) -> Answer:
    """Return each year's homicides of each city, and how many of them were by firearm."""
    answer = counting.count_years(context)
    frame = answer.frame.rename(columns={"fatal": "firearm_homicides"})
    columns = ["city", "year", "firearm_homicides", "homicides", "complete"]
    return replace(answer, frame=frame[columns])


def _draw_gun_share(context: ReportContext, values: Mapping[str, str]) -> ChartAndAnswers:
    answer, through = count_guns(context), find_last_day(context)
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
    Entry("twelve-months", "Twelve months at a time", (MEASURE,), _draw_twelve_months),
    Entry("gun-share", "Homicides by firearm, year by year", (), _draw_gun_share),
    Entry("published-homicides", "Published homicides, year by year", (), _draw_published),
)
