"""Charts of counts over time."""

from __future__ import annotations

from dataclasses import replace

from longevity.charts.figures import cities, shares, trends
from longevity.charts.figures import record as drawn_record
from longevity.errors import DataError
from longevity.findings import counting
from longevity.measures.nouns import MEASURES
from longevity.reports.chart_catalogue.definition import (
    MEASURE,
    ChartAndAnswers,
    Entry,
    Values,
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
    published_record,
    wording,
    year_to_date,
)
from longevity.text.offered_titles import RANKING
from longevity.text.year_to_date import list_facts
from longevity.warehouse.warehouse import Answer


def _draw_year_to_date(context: ReportContext, values: Values) -> ChartAndAnswers:
    answer = context.ask_year_to_date()
    through = find_last_day(context)
    measure = values["measure"]
    findings = [year.last_year for year in list_cities(context, measure)]
    counted = answer.frame.drop(columns=["date_from", "date_until"])
    supplied = availability.select_known(counted, measure)
    title = year_to_date.write_title(findings)
    chart = trends.draw_same_days(supplied, context.make_drawing(), measure, title, through)
    topic = context.say("year_to_date.topic", list_facts(findings[0]))
    others = {RANKING: year_to_date.write_records(findings, supplied)}
    tested = (context.ask("cities"), counting.count_slices(context, through))
    return finish_chart(context, chart, measure, topic, answer, *tested, others=others)


def _draw_twelve_months(context: ReportContext, values: Values) -> ChartAndAnswers:
    answer = counting.count_months(context)
    measure = values["measure"]
    launched = {city.id: city.launched_on for city in context.settings.cities.values()}
    summed = city_comparison.sum_twelve_months(
        availability.select_known(answer.frame, measure), measure, launched
    )
    noun = MEASURES[measure]
    title = chart_titles.write_newest_title(
        noun, summed, "month", measure, context.cities, "twelve months to {:%B %Y}".format
    )
    chart = cities.draw_twelve_months(summed, context.make_drawing(), measure, title)
    return finish_chart(context, chart, measure, context.say("counted.months", noun=noun), answer)


def count_guns(context: ReportContext) -> Answer:
    """Return each year's homicides of each city, and how many of them were by firearm."""
    answer = counting.count_years(context)
    frame = answer.frame.rename(columns={"fatal": "firearm_homicides"})
    columns = ["city", "year", "firearm_homicides", "homicides", "complete"]
    return replace(answer, frame=frame[columns])


def _draw_gun_share(context: ReportContext, values: Values) -> ChartAndAnswers:
    answer, through = count_guns(context), find_last_day(context)
    is_part = answer.frame["city"].isin(context.find_parts(through.year))
    frame = answer.frame[~(is_part & (answer.frame["year"] == through.year))]
    counts = frame.dropna(subset=["homicides", "firearm_homicides"])
    if counts.empty and len(frame):
        raise DataError(context.explain_absence("homicides") or context.explain_absence("fatal"))
    whole = counts[counts["complete"].astype(bool)]
    parts = zip(whole["firearm_homicides"], whole["homicides"], strict=True)
    title = chart_titles.write_newest_title(
        context.say("counted.guns"),
        whole.assign(share=[f"{guns} of {homicides}" for guns, homicides in parts]),
        "year",
        "share",
        context.cities,
    )
    chart = shares.draw_firearm_share(counts, context.make_drawing(), title)
    years = wording.format_years(counts["year"].min(), counts["year"].max())
    topic = context.say("counted.guns_topic", years=years)
    return finish_chart(context, chart, "homicides", topic, answer)


def _draw_published(context: ReportContext, _values: Values) -> ChartAndAnswers:
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
