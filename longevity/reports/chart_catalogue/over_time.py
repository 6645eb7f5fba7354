"""Charts of counts over time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd

from longevity.charts.chart import name_measure
from longevity.errors import DataError
from longevity.findings import counting
from longevity.measures.nouns import MEASURES
from longevity.reports.chart_catalogue.declared import Prepare, Prepared
from longevity.reports.chart_catalogue.definition import Values, find_last_day
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
from longevity.text.offered_titles import FINDING, RANKING, TOPIC
from longevity.warehouse.warehouse import Answer


def describe_measure(measure: str) -> dict[str, Any]:
    """Return what the words of a chart say of the measure it is of, and the name in its file."""
    return {"noun": MEASURES[measure], "file": name_measure(measure)}


def _count_same_days(context: ReportContext, values: Values) -> Prepared:
    """Count the same days of each year, a line a city."""
    answer, measure = context.ask_year_to_date(), values["measure"]
    through = find_last_day(context)
    findings = [year.last_year for year in list_cities(context, measure)]
    counted = answer.frame.drop(columns=["date_from", "date_until"])
    supplied = availability.select_known(counted, measure)
    last = wording.format_day_without_year(through)
    days = last if (through.month, through.day) == (1, 1) else f"January 1 to {last}"
    titles = {
        FINDING: year_to_date.write_title(findings),
        TOPIC: context.say("year_to_date.topic", year_to_date.list_facts(findings[0])),
        RANKING: year_to_date.write_records(findings, supplied),
    }
    return Prepared(
        supplied.assign(count=supplied[measure]).sort_values("year"),
        (answer, context.ask("cities"), counting.count_slices(context, through)),
        describe_measure(measure) | {"days": days},
        supplied,
        titles,
        (context.explain_absence(measure),),
    )


def prepare_years(
    context: ReportContext,
    frame: pd.DataFrame,
    measure: str,
    through: date,
    answer: Answer,
    **more: Any,
) -> Prepared:
    """Prepare counts by year; one that is not whole is a part. `through`: the last day counted."""
    begins = {
        city.id: day.year - 0.5 + day.timetuple().tm_yday / 366
        for city in context.settings.cities.values()
        for day in [city.launched_on]
        if day
    }
    partial = [
        f"{year} (to {wording.format_day_without_year(through)})"
        if year == through.year
        else f"{year}"
        for year in list_parts(frame)
    ]
    facts = describe_measure(measure) | {"parts": partial}
    drawn = frame.assign(count=frame[measure], begins=frame["city"].map(begins).astype("float64"))
    return Prepared(drawn, (answer,), facts, frame, **more)


def list_parts(frame: pd.DataFrame) -> Iterable[int]:
    """Return the years that are not whole. `frame`: year, complete."""
    return sorted({int(year) for year in frame.loc[~frame["complete"].astype(bool), "year"]})


def _sum_twelve_months(context: ReportContext, values: Values) -> Prepared:
    answer, measure = counting.count_months(context), values["measure"]
    launched = {city.id: city.launched_on for city in context.settings.cities.values()}
    known = availability.select_known(answer.frame, measure)
    summed = city_comparison.sum_twelve_months(known, measure, launched)
    noun = MEASURES[measure]
    title = chart_titles.write_newest_title(
        noun, summed, "month", measure, context.cities, "twelve months to {:%B %Y}".format
    )
    is_gapped = any(has_gap(rows[measure]) for _, rows in summed.groupby("city", observed=True))
    return Prepared(
        summed.assign(count=summed[measure]),
        (answer,),
        describe_measure(measure) | {"has_gap": is_gapped},
        summed.drop(columns="launched"),
        {FINDING: title, TOPIC: context.say("counted.months", noun=noun)},
        (context.explain_absence(measure),),
    )


def has_gap(counts: pd.Series) -> bool:
    """Return whether counts are missing elsewhere than at the ends."""
    return bool(counts.loc[counts.first_valid_index() : counts.last_valid_index()].isna().any())


def count_guns(context: ReportContext) -> Answer:
    """Return each year's homicides of each city, and how many of them were by firearm."""
    answer = counting.count_years(context)
    frame = answer.frame.rename(columns={"fatal": "firearm_homicides"})
    columns = ["city", "year", "firearm_homicides", "homicides", "complete"]
    return replace(answer, frame=frame[columns])


def _share_guns(context: ReportContext, _values: Values) -> Prepared:
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
    years = wording.format_years(counts["year"].min(), counts["year"].max())
    # An unknown weapon is not known to be another.
    others = counts.assign(other=counts["homicides"] - counts["firearm_homicides"])
    return Prepared(
        others.sort_values("year"),
        (answer,),
        {"parts": [f"{year}" for year in list_parts(counts)]},
        counts,
        {FINDING: title, TOPIC: context.say("counted.guns_topic", years=years)},
        (context.explain_absence("homicides"),),
    )


def _list_published(context: ReportContext, _values: Values) -> Prepared:
    """List what others printed; only the years that one page of a site gives are joined."""
    answer = context.ask("published_counts")
    keys = {city.reference_key: city.id for city in context.settings.cities.values()}
    record = published_record.select_homicides(answer.frame, keys)
    if record.empty:
        where = "these cities" if len(context.cities) > 1 else "this city"
        raise DataError(f"No published homicides of {where} are among the reference facts.")
    page = ["city", "source", "source_url"]
    runs = [
        pd.DataFrame(zip(*published_record.insert_gaps(rows), strict=True)).assign(
            **dict(zip(page, keys, strict=True))
        )
        for keys, rows in record.groupby(page)
    ]
    parts = [
        f"{context.cities[city]}: {wording.count_noun(rows['year'].nunique(), 'year')} from "
        f"{wording.count_noun(rows['source'].nunique(), 'source')}"
        for city, rows in context.make_drawing().split_by_city(record)
    ]
    span = wording.format_years(min(record["year"]), max(record["year"]))
    return Prepared(
        pd.concat(runs).rename(columns={0: "year", 1: "value"}),
        (answer,),
        {"by_city": "; ".join(parts)},
        record,
        {FINDING: f"Published homicides, {span}"},
        tuple(published_record.list_disagreements(record, context.cities)),
    )


PREPARED: dict[str, Prepare] = {
    "year-to-date": _count_same_days,
    "twelve-months": _sum_twelve_months,
    "gun-share": _share_guns,
    "published-homicides": _list_published,
}
