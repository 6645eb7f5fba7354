"""When in the week: every known hour in its cell, no unknown hour in any."""

from __future__ import annotations

from typing import Any

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from longevity.screens.chart_catalogue import neighbourhoods
from tests.factories import hypothesis_settings
from tests.factories.contexts import draw_chart
from tests.oracles import figure_checks

ROW = st.tuples(st.integers(1, 7), st.none() | st.integers(0, 23), st.integers(0, 9))


def hours(*rows: tuple[int, int | None, int]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["weekday", "hour", "incidents"])
    return frame.astype({"weekday": "Int64", "hour": "Int64", "incidents": "Int64"})


def drawn(frame: pd.DataFrame) -> Any:
    facts = neighbourhoods.describe_hours(frame)
    laid = neighbourhoods.lay_hours(frame)
    chart = draw_chart("hours-and-weekdays", laid, topic="East", **facts)
    figure_checks.assert_valid(chart.figure)
    return chart


def counted(chart: Any) -> list[list[int]]:
    """The count written in each cell, by weekday and block."""
    grid = [[0] * 8 for _ in range(7)]
    (cells,) = chart.figure["data"]
    rows = sorted({*cells["y"]}, reverse=True)
    for x, y, text in zip(cells["x"], cells["y"], cells["text"], strict=True):
        grid[rows.index(y)][int(x)] = int(text or 0)
    return grid


@hypothesis_settings.some
@given(st.lists(ROW, max_size=30))
def test_the_cells_are_those_of_a_plain_loop(rows):
    frame = hours(*rows)
    grid = counted(drawn(frame))
    expected: dict[tuple[int, int], int] = {}
    for weekday, hour, incidents in rows:
        if hour is not None:
            cell = (weekday - 1, hour // 3)
            expected[cell] = expected.get(cell, 0) + incidents
    for weekday in range(7):
        for block in range(8):
            assert grid[weekday][block] == expected.get((weekday, block), 0)


def test_an_unknown_hour_is_said_and_never_drawn_at_midnight():
    chart = drawn(hours((1, None, 5), (3, None, 2), (3, 23, 1)))
    grid = counted(chart)
    assert [row[0] for row in grid] == [0] * 7
    assert sum(map(sum, grid)) == 1
    assert chart.subtitle.endswith("; the hour is unknown for 7 of 8.")
