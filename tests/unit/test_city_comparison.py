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


def months(values: list[int | None]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "city": "east",
            "month": pd.date_range("2024-01-01", periods=len(values), freq="MS"),
            "victims": pd.array(values, dtype="Int64"),
            "complete": [value is not None for value in values],
        }
    )


def test_twelve_months_are_summed_and_a_month_not_whole_leaves_a_gap():
    values: list[int | None] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, None]
    found = over_time.sum_twelve_months(months(values), "victims", {"east": date(2024, 5, 9)})
    assert found["month"].dt.strftime("%Y-%m").tolist() == ["2024-12", "2025-01", "2025-02"]
    assert found["victims"].tolist() == [78, 90, pd.NA]
    assert set(found["launched"]) == {pd.Timestamp("2024-05-01")}
    drawn = found.assign(count=found["victims"])
    about = over_time.describe_measure("victims")
    chart = draw_chart("twelve-months", drawn, CITIES, has_gap=False, **about)
    figure_checks.assert_valid(chart.figure)
    assert chart.figure["data"][0]["y"] == [78, 90, None]
    assert not over_time.has_gap(found["victims"])  # the newest month's own end is none


def test_a_month_that_is_not_there_is_no_zero():
    frame = months([1] * 40).drop(index=14)
    found = over_time.sum_twelve_months(frame, "victims", {})
    assert found["victims"].isna().sum() == 12
    assert over_time.has_gap(found["victims"])
    drawn = found.assign(count=found["victims"])
    about = over_time.describe_measure("victims")
    chart = draw_chart("twelve-months", drawn, CITIES, has_gap=True, **about)
    assert "; a gap: a month of the twelve is not known." in chart.subtitle
