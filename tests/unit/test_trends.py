"""Charts over time: what is drawn is what was counted, and what is part is drawn as part."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from longevity.charts.chart import Chart, Drawing
from longevity.charts.figures import trends
from longevity.charts.theme import LIGHT
from tests.factories import hypothesis_settings
from tests.oracles import figure_checks

CITIES = {"east": "East", "west": "West", "south": "South"}
DRAWING = Drawing(LIGHT, CITIES, synthetic=False)
THROUGH = date(2026, 11, 22)


def years(*rows: tuple[str, int, int, bool]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["city", "year", "victims", "complete"])
    kinds = {"city": "str", "year": "Int64", "victims": "Int64", "complete": "boolean"}
    return frame.astype(kinds)


YEARS = years(
    ("east", 2024, 5, False),
    ("east", 2025, 9, True),
    ("east", 2026, 2, False),
    ("west", 2026, 7, False),
)


def same_days(frame: pd.DataFrame, drawing: Drawing = DRAWING, through: date = THROUGH) -> Chart:
    return trends.draw_same_days(frame, drawing, "victims", "Title", through)


def by_year(frame: pd.DataFrame, drawing: Drawing = DRAWING) -> Chart:
    return trends.draw_years(frame, drawing, "victims", "Title", THROUGH)


DRAWN = [(same_days, YEARS), (by_year, YEARS[YEARS["city"] == "east"])]


@pytest.mark.parametrize(("draw", "frame"), DRAWN)
def test_nothing_can_be_drawn(draw, frame):
    figure_checks.assert_valid(draw(frame.iloc[:0]).figure)


def test_a_year_that_is_not_whole_looks_so_and_is_named():
    chart = by_year(YEARS[YEARS["city"] == "east"])
    marker = chart.figure["data"][0]["marker"]
    assert [colour == LIGHT.ground for colour in marker["color"]] == [True, False, True]
    assert marker["line"]["width"] == [1.5, 0, 1.5]
    # One sentence: on the screen the second one stands behind a sign.
    assert chart.subtitle == (
        "People shot by year; 2024 and 2026 (to November 22) are not whole and drawn hollow."
    )


@pytest.mark.parametrize(
    ("through", "days"),
    [
        (THROUGH, "January 1 to November 22"),
        (date(2024, 2, 29), "January 1 to February 29"),
        (date(2026, 1, 1), "January 1"),
    ],
)
def test_same_days_are_named_and_never_called_a_year(through, days):
    chart = same_days(YEARS, through=through)
    assert chart.subtitle == f"People shot, {days} of each year."


@hypothesis_settings.some
@given(st.lists(st.integers(0, 300), min_size=3, max_size=3))
def test_end_labels_never_cover_each_other_and_keep_their_order(values):
    frame = years(*((c, 2026, v, True) for c, v in zip(CITIES, values, strict=True)))
    notes = same_days(frame).figure["layout"]["annotations"]
    heights = {note["text"]: note["y"] for note in notes}
    at = [heights[f"<b>{CITIES[c]} {v}</b>"] for c, v in zip(CITIES, values, strict=True)]
    apart = max(1, *values) * 0.07
    for i, j in ((0, 1), (0, 2), (1, 2)):
        assert abs(at[i] - at[j]) >= apart
        if values[i] < values[j]:
            assert at[i] < at[j]


@pytest.mark.parametrize("count", [1, 2, 3, 8])
def test_few_years_are_each_named_once(count):
    frame = years(*(("east", 2026 - back, 3, True) for back in range(count)))
    for chart in (same_days(frame), by_year(frame)):
        axis = chart.figure["layout"]["xaxis"]
        assert (axis["tick0"], axis["dtick"]) == (2027 - count, 1)
