"""Charts of counts over time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pandas as pd

from longevity import citations
from longevity.charts.figures import cities, shares, trends
from longevity.charts.figures import record as drawn_record
from longevity.errors import DataError
from longevity.findings import availability, counting, year_to_date
from longevity.findings.year_to_date import list_facts
from longevity.measures import wording
from longevity.measures.nouns import MEASURES
from longevity.screens.chart_catalogue.definition import (
    MEASURE,
    RANKING,
    ChartAndAnswers,
    Entry,
    Values,
    find_last_day,
    finish_chart,
)
from longevity.screens.chart_catalogue.neighbourhoods import YEARS, write_newest_title
from longevity.screens.context import ReportContext
from longevity.screens.year_changes import list_cities
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


def sum_twelve_months(
    months: pd.DataFrame, measure: str, launch_dates: Mapping[str, date | None]
) -> pd.DataFrame:
    """Sum twelve whole months that end with each month: city, month, `measure`, launched.

    `months`: city, month, `measure`, complete. Missing where a month of the twelve is not
    there or not whole.
    """
    whole = months.assign(**{measure: months[measure].where(months["complete"].astype(bool))})
    by_city = whole.pivot(index="month", columns="city", values=measure).astype("Float64")
    sums = by_city[[*months["city"].unique()]].asfreq("MS").rolling(12).sum().iloc[11:]
    launched = {city: pd.Timestamp(day.replace(day=1)) for city, day in launch_dates.items() if day}
    table = sums.melt(ignore_index=False, value_name=measure).reset_index()
    table["launched"] = pd.to_datetime(table["city"].map(launched))
    table[measure] = table[measure].astype("Int64")
    return table[["city", "month", measure, "launched"]]


def _draw_twelve_months(context: ReportContext, values: Values) -> ChartAndAnswers:
    answer = counting.count_months(context)
    measure = values["measure"]
    launched = {city.id: city.launched_on for city in context.settings.cities.values()}
    summed = sum_twelve_months(availability.select_known(answer.frame, measure), measure, launched)
    noun = MEASURES[measure]
    title = write_newest_title(
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
    title = write_newest_title(
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


def select_homicides(frame: pd.DataFrame, keys: Mapping[str, str]) -> pd.DataFrame:
    """Return the homicides of these cities, a row a figure, with its source's site as `source`.

    `frame`: `published_counts`; `keys`: the city by the name the published facts give it.
    """
    rows = frame[(frame["metric"] == "homicides") & frame["place"].isin([*keys])]
    return rows.assign(
        city=rows["place"].map(dict(keys)),
        source=[citations.name_site(url) for url in rows["source_url"]],
    )[["city", "year", "value", "source", "source_url", "definition", "note"]]


def _draw_published(context: ReportContext, _values: Values) -> ChartAndAnswers:
    answer = context.ask("published_counts")
    keys = {city.reference_key: city.id for city in context.settings.cities.values()}
    record = select_homicides(answer.frame, keys)
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
