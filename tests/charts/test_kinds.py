"""The kinds: each is drawn alike, on every ground, and nothing is made up."""

import re
from dataclasses import replace
from functools import partial

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from longevity.charts.drawing import Drawing
from longevity.charts.kinds import KINDS
from longevity.charts.sparkline import ROOM, TALL, WIDE, draw_sparkline
from longevity.charts.template.maps import Area, AreaMap
from longevity.charts.theme import CITY_DASHES, CITY_SYMBOLS, DARK, LIGHT
from longevity.screens.chart_catalogue import over_time
from tests.factories import hypothesis_settings
from tests.factories.contexts import draw_chart
from tests.oracles import figure_checks

DAYS = pd.to_datetime(["2026-01-01", "2026-02-01", "2026-03-01"])
LINES = pd.DataFrame(
    {
        "city": ["east"] * 3 + ["west"] * 3,
        "day": [*DAYS, *DAYS],
        "shot": pd.array([4, None, 6, 1, 2, 3], "Int64"),
        "begins": DAYS[1],
    }
)
CELLS = pd.DataFrame({"day": ["Mon"], "hour": ["12 am"], "said": ["7"], "text": ["7"], "colour": ["ramp:2"]})
DRAWING = Drawing(LIGHT, {"east": "East", "west": "West"}, False)


def give(kind, frame, words, **options):
    """What draws a frame as a kind does, with a drawing, and on paper or not."""
    return lambda drawing=DRAWING, **more: KINDS[kind](frame, drawing, words, **options, **more)


def give_ratios(*rows):
    """What draws ratios of cities, each with its interval."""
    frame = pd.DataFrame(rows, columns=["city", "value", "low", "high"])
    return give("intervals", frame.assign(label=frame["city"], said=frame["city"]), {}, ratio=True)


def draw_map(drawing=DRAWING, **more):
    areas, boundaries = (Area("Hill", "#F6C296", "shown", "Hill: 3"),), figure_checks.squares(["Hill"])
    return AreaMap(drawing, boundaries, areas, (("1–3", "#F6C296"),), "people shot", (300, 400))(**more)


MARKED = [{"kind": "line", "y": "shot", "markers": True}]
lines = partial(give, "plot", LINES, {"rule": "program begins"}, x="day", marks=MARKED)
HOUSING = pd.DataFrame({"answered": [3], "label": ["Housing"]})
DRAWN = {
    "plot": lines(along="days", cities="series", rule="begins", keyed=True),
    "rows": give("rows", HOUSING, {"parts.answered": "answered"}, parts={"answered": "yes"}),
    "intervals": give_ratios(("east", 2, 1, 3)),
    "grid": give("grid", CELLS, {}, column="hour", row="day"),
    "map": draw_map,
}


@pytest.mark.parametrize("kind", DRAWN)
def test_a_kind_is_drawn_the_same_twice_and_in_the_colours_of_its_ground_alone(kind):
    for look, other in ((LIGHT, DARK), (DARK, LIGHT)):
        for synthetic in (True, False):
            drawing = replace(DRAWING, theme=look, synthetic=synthetic)
            figure = DRAWN[kind](drawing)
            assert figure == DRAWN[kind](drawing)
            assert not any(colour in str(figure) for colour in (other.ink, other.quiet, other.grid))
            for picture in (figure, DRAWN[kind](drawing, on_paper=True)):
                figure_checks.assert_valid(picture)
                assert figure_checks.is_marked(picture) == synthetic
                assert all(map(figure_checks.is_coloured, picture["data"]))


def test_what_is_not_known_is_a_gap_and_lines_differ_without_their_colours():
    figure = DRAWN["plot"]()
    assert figure["data"][0]["y"] == [4, None, 6]
    assert figure["data"][0]["connectgaps"] is False
    assert [trace["line"]["dash"] for trace in figure["data"]] == list(CITY_DASHES[:2])
    assert [trace["marker"]["symbol"] for trace in figure["data"]] == list(CITY_SYMBOLS[:2])


def draw_years(years, mark, **columns):
    """The traces of a city's years."""
    frame = pd.DataFrame({"city": "east", "year": years, **columns})
    return give("plot", frame, {}, x="year", marks=[mark])()["data"]


def test_bars_years_apart_are_as_wide_as_a_year_and_cover_none_between():
    """Of the room there is between them Plotly would take most: 2018 reached over 2016."""
    (drawn,) = draw_years([2015, 2018, 2023], {"kind": "bar", "y": "shot"}, shot=[4, 5, 6])
    assert drawn["width"] < 1


@pytest.mark.parametrize("kind", ["bar", "points"])
def test_a_part_of_a_period_is_outlined_and_no_more(kind):
    mark = {"kind": kind, "y": "shot", "whole": "whole"}
    (trace,) = draw_years([2025, 2026], mark, shot=[9, 2], whole=[True, False])
    assert trace["marker"]["color"] == [LIGHT.cities[0], LIGHT.ground]
    assert trace["marker"]["line"]["color"] == LIGHT.cities[0]


def test_intervals_have_a_place_on_the_scale_and_bands_their_ends():
    first, second = give_ratios(("east", 0, 0, 0.5), ("west", None, 2, None))()["data"]
    assert all(0 < x < 1 for x in first["x"])
    assert first["x"] == sorted(first["x"])
    assert second["marker"]["size"] == [1, 1, 1]  # no mark: only a least ratio is known
    assert second["x"][0] == 2 < second["x"][2]
    mark = {"kind": "line", "y": "rate", "low": "low", "high": "high"}
    low, high, _ = draw_years([2025, 2026], mark, rate=[3, 4], low=[2, 3], high=[5, 6])
    assert (low["y"], high["y"], high["fill"]) == ([2, 3], [5, 6], "tonexty")


THREE = {"east": "East", "west": "West", "south": "South"}


@hypothesis_settings.some
@given(st.lists(st.integers(0, 300), min_size=3, max_size=3))
def test_end_labels_never_cover_each_other_and_keep_their_order(values):
    frame = pd.DataFrame({"city": list(THREE), "year": 2026, "victims": values, "complete": True})
    about = over_time.describe_measure("victims")
    rows = frame.astype({"victims": "Int64"}).assign(count=frame["victims"])
    chart = draw_chart("year-to-date", rows, THREE, days="January 1 to November 22", **about)
    heights = {note["text"]: note["y"] for note in chart.figure["layout"]["annotations"] if note["yref"] == "y"}
    at = [heights[f"<b>{THREE[city]} {value}</b>"] for city, value in zip(THREE, values, strict=True)]
    for i, j in ((0, 1), (0, 2), (1, 2)):
        assert abs(at[i] - at[j]) >= max(1, *values) * 0.07
        assert values[i] >= values[j] or at[i] < at[j]


def test_the_line_of_a_tile_begins_at_zero_and_a_year_not_known_is_a_gap_that_takes_its_room():
    def read(counts):
        found = re.findall(r'points="([^"]+)"', draw_sparkline(counts))
        return [[tuple(map(float, point.split(","))) for point in points.split()] for points in found]

    ((first, second, last),) = read([10, 20, 0])
    foot = TALL - ROOM
    assert (first[0], second[0], last) == (0, WIDE / 2, (WIDE, foot))
    assert abs((foot - second[1]) - 2 * (foot - first[1])) < 0.2
    before, after = read([None, 5, 5, None, 5])
    assert [[x for x, _ in line] for line in (before, after)] == [[25, 50], [100]]
