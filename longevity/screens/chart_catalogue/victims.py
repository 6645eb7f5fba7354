"""Charts of the people shot, from the tables that are counted once for the public."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from longevity.charts.chart import Chart, add_sentence
from longevity.charts.figures import shares, victims
from longevity.errors import DataError
from longevity.measures import wording
from longevity.measures.say import say
from longevity.screens.chart_catalogue.definition import (
    PEOPLE,
    WAIT,
    ChartAndAnswers,
    Entry,
    Parameter,
    Values,
    name_topic,
)
from longevity.screens.context import ReportContext
from longevity.stats.proportion import compute_wilson_interval
from longevity.warehouse.frames import WITHHELD

YOUNG = ("Known to be, of people shot", "Share, 95% interval", "May be, unknown")
NONE_YET = f"{say('who.none_yet')}."


def _explain_nothing(context: ReportContext) -> DataError:
    """Say why there is no table of the people shot: none is due yet, or nobody holds them."""
    if "victims" in context.list_measures():
        return DataError(NONE_YET, WAIT)
    return DataError(context.explain_absence("victims"))


def _draw_attribute(context: ReportContext, values: Values) -> ChartAndAnswers:
    answer = context.ask("public_victims")
    titles = victims.list_public_attributes(answer.frame)
    attribute = values["attribute"]
    if attribute not in titles:
        raise _explain_nothing(context)
    counts = answer.frame[answer.frame["attribute"] == attribute]
    year, attribute_words = shares.find_year(counts), titles[attribute]
    facts = {"attribute": f"{attribute_words[:1].lower()}{attribute_words[1:]}", "when": year}
    chart = draw_attribute(context, counts, attribute, f"{attribute_words}, {year}")
    title = context.say("who.by", facts, value=chart.title)
    chart = replace(chart, title=title, alt=f"{title}.")
    if not chart.figure["data"]:
        raise DataError(" ".join(chart.sentences) or NONE_YET, WAIT)
    return name_topic(chart, context.say("who.topic", facts)), (answer,)


def draw_attribute(
    context: ReportContext, frame: pd.DataFrame, attribute: str, topic: str
) -> Chart:
    """Draw the people shot by an attribute. `frame`: victims_by_attribute; `topic`: by what, and
    of when.
    """
    counts = frame[frame["attribute"] == attribute]
    finding = write_attribute_title(counts, context.cities)
    return victims.draw_shares(
        counts, attribute, context.make_drawing(), finding, topic, context.least_base
    )


def write_attribute_title(frame: pd.DataFrame, cities: Mapping[str, str]) -> str:
    """Name the value of one attribute that most people shot are known to have, a city at a time.

    `frame`: city, value, victims, victims_state and, where it is known, `whole`. Where a figure
    that is withheld might be the largest, the largest is said to be of those shown.
    """
    by_city = dict([*victims.add_totals(frame).groupby("city")])
    parts = [
        say("who.city", name=name, value=_describe_most_frequent(by_city[city]))
        for city, name in cities.items()
        if city in by_city
    ]
    return say("who.most", parts="; ".join(parts)) if parts else say("who.none_yet")


def _describe_most_frequent(rows: pd.DataFrame) -> str:
    if instead := victims.name_absence(rows):
        return instead
    # No one is known to be of a value that the source never gives: it hides no one either.
    rows = rows[~rows["value"].isin(victims.find_never_given(rows))]
    shown = rows[rows["victims"].notna()]
    if shown.empty:
        return str(rows["victims_state"].iloc[0])
    known, whole = shown[shown["value"] != "unknown"], rows["whole"].iloc[0]
    most = max(known["victims"], default=0)
    rest = math.inf if pd.isna(whole) else whole - shown["victims"].sum()
    facts = {"sure": len(shown) == len(rows) or rest < most, "most": most}
    facts["whole"] = None if pd.isna(whole) else whole
    if not most:
        return say("who.nobody_shown", facts)
    values = known.loc[known["victims"] == most, "value"]
    return say("who.value", facts, values=[*map(victims.name_value, values)])


def write_young_black_men_title(frame: pd.DataFrame, cities: Mapping[str, str]) -> str:
    """Say how many people shot are known to be young Black men, a city at a time.

    `frame`: city, young_black_men, victims with their states.
    """
    parts = [
        say(
            "who.city",
            name=cities[row.city],
            value=shares.name_absence_of_young(row)
            or say("who.part", most=row.young_black_men, whole=row.victims),
        )
        for row in frame.itertuples()
    ]
    return say("who.young", parts=parts)


def build_young_table(
    frame: pd.DataFrame, cities: Mapping[str, str], least_base: int
) -> pd.DataFrame:
    """Return how many are known to be young Black men, and how many may be, a row a city.

    `frame`: city, young_black_men, may_be, victims with their states.
    """
    rows = []
    for row in frame.itertuples():
        count, whole = row.young_black_men, row.victims
        known = shares.name_absence_of_young(row) or ("" if whole else "none shot")
        share, more = "–", "–"
        if not known:
            known = f"{count:,} of {whole:,}"
            more = WITHHELD if pd.isna(row.may_be) else f"{row.may_be:,}"
            if whole >= least_base:
                interval = compute_wilson_interval(int(count), int(whole))
                low, high = (100 * (end or 0) for end in (interval.low, interval.high))
                of_whole = wording.format_share(count, whole, least_base)
                share = f"{of_whole}, {low:.0f} to {high:.0f}%"
        rows.append((cities[row.city], known, share, more))
    return pd.DataFrame(rows, columns=["City", *YOUNG])


def _draw_young_black_men(context: ReportContext, values: Values) -> ChartAndAnswers:
    answer = context.ask("public_young_black_men")
    if answer.frame.empty:
        raise _explain_nothing(context)
    least = context.least_base
    title = write_young_black_men_title(answer.frame, context.cities)
    chart = shares.draw_young_black_men(answer.frame, context.make_drawing(), title, least)
    topic = context.say("who.young_topic", when=shares.find_year(answer.frame))
    chart = add_sentence(chart, context.say("who.young_read"))
    return name_topic(chart, topic), (answer,)


def _list_attributes(context: ReportContext) -> Mapping[str, str]:
    """Return the attributes the public table is about, all of them where it is about none."""
    frame = context.ask("public_victims").frame
    return victims.list_public_attributes(frame) or victims.ATTRIBUTES


ENTRIES = (
    Entry(
        "victims-by-attribute",
        "Who was shot, in a closed year",
        (Parameter("attribute", "By", _list_attributes),),
        _draw_attribute,
        subject=PEOPLE,
    ),
    Entry(
        "young-black-men",
        "Young Black men among the people shot",
        (),
        _draw_young_black_men,
        subject=PEOPLE,
    ),
)
