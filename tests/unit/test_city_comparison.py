"""Cities side by side: sentences and pictures against tables followed by hand."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from longevity.charts.theme import CHANGE_SYMBOLS
from longevity.findings.change_wording import describe_finding
from longevity.findings.year_to_date import Compared
from longevity.screens.chart_catalogue import compared_charts as drawn_cities
from longevity.screens.chart_catalogue import over_time
from tests.factories.contexts import draw_chart
from tests.factories.findings import find_years
from tests.oracles import figure_checks

CITIES = {"east": "East", "west": "West"}
THROUGH = date(2026, 6, 30)


def counts(east: list[int], west: list[int]) -> pd.DataFrame:
    """Counts of the years to 2026."""
    rows = [
        (city, 2026 - len(values) + 1 + at, value)
        for city, values in (("east", east), ("west", west))
        for at, value in enumerate(values)
    ]
    return pd.DataFrame(rows, columns=["city", "year", "incidents"])


def told(east: list[int], west: list[int]) -> list[Compared]:
    launches = dict.fromkeys(CITIES, date(2023, 1, 1))
    return [*find_years(counts(east, west), THROUGH, launches).values()]


@pytest.mark.parametrize(
    "years", [[9, 9, 9, 9, 9, 9, 0], [0] * 7, [0, 0, 0, 0, 0, 0, 9], [90] * 6 + [20]]
)
def test_a_line_of_the_picture_has_the_arrow_and_colour_of_its_words(years):
    found = told(years, [50] * 7)
    drawn_of = drawn_cities.list_baselines(found)
    about = over_time.describe_measure("incidents")
    chart = draw_chart("baselines", drawn_of, CITIES, holds="", tested="incidents", **about)
    figure_checks.assert_valid(chart.figure)
    findings = [held for city in found for held in city.against.values()]
    drawn = [held for held in findings if held.tested.outcome.value not in ("none", "unknown")]
    assert [trace["marker"]["symbol"] for trace in chart.figure["data"]] == [
        CHANGE_SYMBOLS[held.tested.outcome.value] for held in drawn
    ]
    notes = [n["text"] for n in chart.figure["layout"]["annotations"] if "span" in n["text"]]
    for held, note in zip(findings, notes, strict=True):
        assert describe_finding(held).arrow in note
    for trace in chart.figure["data"]:
        assert all(0 < x < 10 for x in trace["x"])
        assert trace["x"] == sorted(trace["x"])
        shown = [10**end for end in chart.figure["layout"]["xaxis"]["range"]]
        assert shown[0] < trace["x"][0] <= trace["x"][-1] < shown[1]


def test_twelve_months_end_with_each_month_that_is_over():
    assert over_time.list_twelve_months(date(2024, 5, 9), date(2024, 7, 30)) == [
        (date(2023, 6, 1), date(2024, 6, 1)),
        (date(2023, 7, 1), date(2024, 7, 1)),
    ]
