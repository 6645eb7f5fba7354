"""Charts of the people shot, from the tables that are counted once for the public."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from longevity.charts.chart import Chart
from longevity.charts.figures import shares, victims
from longevity.errors import DataError
from longevity.reports.chart_catalogue.definition import PEOPLE, Entry, Parameter
from longevity.reports.context import Desk
from longevity.text import chart_titles, public_text, victim_attributes
from longevity.warehouse.warehouse import Answer

WAIT = "Publish again 90 days after a year that the data hold whole."
Made = tuple[Chart, tuple[Answer, ...]]


def _nothing(desk: Desk) -> DataError:
    """Why there is no table of the people shot: none is due yet, or nobody holds them."""
    if "victims" in desk.measures():
        return DataError(public_text.NONE_YET, WAIT)
    return DataError(desk.why_not("victims"))


def _attribute(desk: Desk, values: Mapping[str, str]) -> Made:
    answer = desk.ask("public_victims")
    titles = victim_attributes.list_public_attributes(answer.frame)
    attribute = values["attribute"]
    if attribute not in titles:
        raise _nothing(desk)
    own = answer.frame[answer.frame["attribute"] == attribute]
    title = chart_titles.write_attribute_title(own, desk.cities)
    topic = f"{titles[attribute]}, {public_text.find_year(own)}"
    chart = victims.shares(own, attribute, desk.drawing(), title, topic)
    if not chart.figure["data"]:
        raise DataError(" ".join(chart.said) or public_text.NONE_YET, WAIT)
    return chart, (answer,)


def of_the_year(desk: Desk, frame: pd.DataFrame, attribute: str, title: str) -> Chart:
    """The people shot in the last 365 days by one attribute. `frame`: victims_by_attribute."""
    own = frame[frame["attribute"] == attribute]
    finding = chart_titles.write_attribute_title(own, desk.cities)
    return victims.shares(own, attribute, desk.drawing(), finding, f"{title}, 365 days")


def _young_black_men(desk: Desk, values: Mapping[str, str]) -> Made:
    answer = desk.ask("public_young_black_men")
    if answer.frame.empty:
        raise _nothing(desk)
    least = desk.settings.thresholds.least_base_for_percentage
    sentences = victim_attributes.describe_young_black_men(answer.frame, desk.cities, least)
    said = dict(zip(answer.frame["city"], sentences, strict=True))
    title = chart_titles.write_young_black_men_title(answer.frame, desk.cities)
    drawing = desk.drawing()
    return shares.young_black_men(answer.frame, drawing, title, said), (answer,)


def _attributes(desk: Desk) -> Mapping[str, str]:
    return shares.attributes(desk.ask("public_victims").frame)


ENTRIES = (
    Entry(
        "victims-by-attribute",
        "Who was shot, in a closed year",
        (Parameter("attribute", "By", _attributes),),
        _attribute,
        subject=PEOPLE,
        kind="rows",
    ),
    Entry(
        "young-black-men",
        "Young Black men among the people shot",
        (),
        _young_black_men,
        subject=PEOPLE,
        kind="rows",
    ),
)
