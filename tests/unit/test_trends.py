"""Charts over time: what is drawn is what was counted, and what is part is drawn as part."""

from __future__ import annotations

from datetime import date

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from longevity.charts.chart import Chart
from longevity.charts.theme import LIGHT
from longevity.screens.chart_catalogue import declared, over_time
from tests.factories import hypothesis_settings
from tests.factories.contexts import draw_chart, make_context

CITIES = {"east": "East", "west": "West", "south": "South"}
THROUGH = date(2026, 11, 22)


def years(*rows: tuple[str, int, int, bool]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["city", "year", "victims", "complete"])
    kinds = {"city": "str", "year": "Int64", "victims": "Int64", "complete": "boolean"}
    return frame.astype(kinds)


def same_days(frame: pd.DataFrame) -> Chart:
    drawn = frame.assign(count=frame["victims"])
    about = over_time.describe_measure("victims")
    return draw_chart("year-to-date", drawn, CITIES, days="January 1 to November 22", **about)


@hypothesis_settings.some
@given(st.lists(st.integers(0, 300), min_size=3, max_size=3))
def test_end_labels_never_cover_each_other_and_keep_their_order(values):
    frame = years(*((c, 2026, v, True) for c, v in zip(CITIES, values, strict=True)))
    notes = same_days(frame).figure["layout"]["annotations"]
    heights = {note["text"]: note["y"] for note in notes if note["yref"] == "y"}
    at = [heights[f"<b>{CITIES[c]} {v}</b>"] for c, v in zip(CITIES, values, strict=True)]
    apart = max(1, *values) * 0.07
    for i, j in ((0, 1), (0, 2), (1, 2)):
        assert abs(at[i] - at[j]) >= apart
        if values[i] < values[j]:
            assert at[i] < at[j]


def test_a_year_that_is_not_whole_is_drawn_hollow():
    frame = years(("east", 2024, 5, False), ("east", 2025, 9, True), ("east", 2026, 2, False))
    context = make_context(CITIES, years=frame)
    answer = context.ask("years")
    about = (frame, "victims", THROUGH, "Title", ["East"], "")
    made = over_time.prepare_years(context, answer, *about)
    chart = declared.draw(context, "years", made)
    marker = chart.figure["data"][0]["marker"]
    assert [colour == LIGHT.ground for colour in marker["color"]] == [True, False, True]
    assert "2024 and 2026 (to November 22) are not whole and drawn hollow" in chart.subtitle
