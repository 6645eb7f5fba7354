"""The line of a tile: its foot is zero, and a year that is not known is a gap."""

from __future__ import annotations

import re

import pandas as pd

from longevity.charts.sparkline import ROOM, TALL, WIDE, draw_sparkline
from longevity.findings.finding import TOGETHER
from longevity.screens.briefing import sum_by_year


def read_lines(svg: str) -> list[list[tuple[float, float]]]:
    return [
        [(float(x), float(y)) for x, y in (each.split(",") for each in points.split())]
        for points in re.findall(r'points="([^"]+)"', svg)
    ]


def test_half_as_many_stand_half_as_high_and_the_newest_at_the_right():
    ((first, second, last),) = read_lines(draw_sparkline([10, 20, 0]))
    assert (first[0], second[0], last[0]) == (0, WIDE / 2, WIDE)
    foot = TALL - ROOM
    assert last[1] == foot
    assert abs((foot - second[1]) - 2 * (foot - first[1])) < 0.2


def test_a_year_that_is_not_known_is_a_gap_and_takes_its_room():
    before, after = read_lines(draw_sparkline([None, 5, 5, None, 5]))
    assert [x for x, _ in before] == [25, 50]
    assert [x for x, _ in after] == [100]


def test_tiles_have_the_same_years_and_a_city_that_lacks_one_leaves_no_sum():
    frame = pd.DataFrame(
        [("a", 2020, 100), ("a", 2021, 90), ("a", 2022, 80), ("b", 2021, 50), ("b", 2022, 40)],
        columns=["city", "year", "victims"],
    )
    assert sum_by_year(frame, "victims", TOGETHER) == (None, 140, 120)
    assert sum_by_year(frame, "victims", "a") == (100, 90, 80)
    assert sum_by_year(frame, "victims", "b") == (None, 50, 40)
    assert sum_by_year(frame, "victims", "without a row") == ()
    assert sum_by_year(frame.iloc[:0], "victims", TOGETHER) == ()
