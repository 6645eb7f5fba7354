"""Charts of the people shot, from the tables that are counted once for the public."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from longevity.charts.chart import Chart, add_sentence
from longevity.charts.figures import shares, victims
from longevity.errors import DataError
from longevity.reports.chart_catalogue.definition import (
    PEOPLE,
    WAIT,
    ChartAndAnswers,
    Entry,
    Parameter,
    Values,
    name_topic,
)
from longevity.reports.context import ReportContext
from longevity.text import chart_titles, public_text, victim_attributes


def _explain_nothing(context: ReportContext) -> DataError:
    """Say why there is no table of the people shot: none is due yet, or nobody holds them."""
    if "victims" in context.list_measures():
        return DataError(public_text.NONE_YET, WAIT)
    return DataError(context.explain_absence("victims"))


def _draw_attribute(context: ReportContext, values: Values) -> ChartAndAnswers:
    answer = context.ask("public_victims")
    titles = victim_attributes.list_public_attributes(answer.frame)
    attribute = values["attribute"]
    if attribute not in titles:
        raise _explain_nothing(context)
    counts = answer.frame[answer.frame["attribute"] == attribute]
    year, attribute_words = public_text.find_year(counts), titles[attribute]
    facts = {"attribute": f"{attribute_words[:1].lower()}{attribute_words[1:]}", "when": year}
    chart = draw_attribute(context, counts, attribute, f"{attribute_words}, {year}")
    title = context.say("who.by", facts, value=chart.title)
    chart = replace(chart, title=title, alt=f"{title}.")
    if not chart.figure["data"]:
        raise DataError(" ".join(chart.sentences) or public_text.NONE_YET, WAIT)
    return name_topic(chart, context.say("who.topic", facts)), (answer,)


def draw_attribute(
    context: ReportContext, frame: pd.DataFrame, attribute: str, topic: str
) -> Chart:
    """Draw the people shot by an attribute. `frame`: victims_by_attribute; `topic`: by what, and
    of when.
    """
    counts = frame[frame["attribute"] == attribute]
    finding = chart_titles.write_attribute_title(counts, context.cities)
    return victims.draw_shares(
        counts, attribute, context.make_drawing(), finding, topic, context.least_base
    )


def _draw_young_black_men(context: ReportContext, values: Values) -> ChartAndAnswers:
    answer = context.ask("public_young_black_men")
    if answer.frame.empty:
        raise _explain_nothing(context)
    least = context.least_base
    title = chart_titles.write_young_black_men_title(answer.frame, context.cities)
    chart = shares.draw_young_black_men(answer.frame, context.make_drawing(), title, least)
    topic = context.say("who.young_topic", when=public_text.find_year(answer.frame))
    chart = add_sentence(chart, context.say("who.young_read"))
    return name_topic(chart, topic), (answer,)


def _list_attributes(context: ReportContext) -> Mapping[str, str]:
    """Return the attributes the public table is about, all of them where it is about none."""
    frame = context.ask("public_victims").frame
    return victim_attributes.list_public_attributes(frame) or victim_attributes.ATTRIBUTES


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
