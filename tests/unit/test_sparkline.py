"""The line of a tile: its foot is zero, and a year that one city lacks is not in it."""

from __future__ import annotations

import re

import pandas as pd

from longevity.charts.sparkline import ROOM, TALL, WIDE, draw_sparkline
from longevity.reports.briefing import sum_by_year
from longevity.stats.baselines import TOGETHER


def read_points(svg: str) -> list[tuple[float, float]]:
    drawn = re.search(r'points="([^"]+)"', svg)
    assert drawn
    return [(float(x), float(y)) for x, y in (each.split(",") for each in drawn[1].split())]


def test_half_as_many_stand_half_as_high_and_the_newest_at_the_right() -> None:
    first, second, last = read_points(draw_sparkline([10, 20, 0]))
    assert (first[0], second[0], last[0]) == (0, WIDE / 2, WIDE)
    foot = TALL - ROOM
    assert last[1] == foot
    assert abs((foot - second[1]) - 2 * (foot - first[1])) < 0.2


def test_years_without_anybody_are_a_line_at_the_foot() -> None:
    assert {y for _, y in read_points(draw_sparkline([0, 0, 0]))} == {TALL - ROOM}


def test_the_line_of_all_cities_begins_when_the_last_of_them_does() -> None:
    frame = pd.DataFrame(
        [("a", 2020, 100), ("a", 2021, 90), ("a", 2022, 80), ("b", 2021, 50), ("b", 2022, 40)],
        columns=["city", "year", "victims"],
    )
    assert sum_by_year(frame, "victims", TOGETHER) == (140, 120)
    assert sum_by_year(frame, "victims", "a") == (100, 90, 80)
