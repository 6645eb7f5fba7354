"""The template: every kind of spec is drawn alike, on every ground, and nothing is made up."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from longevity.charts.draw import draw_figure
from longevity.charts.spec import (
    Area,
    AreaMap,
    Axis,
    BarPart,
    Panel,
    Plot,
    ReferenceLine,
    Row,
    Rows,
    Series,
    Spec,
)

from longevity.charts.drawing import Drawing
from longevity.charts.kinds.grid import show_grid
from longevity.charts.kinds.intervals import show_intervals
from longevity.charts.kinds.timeline import show_timeline
from longevity.charts.theme import CITY_DASHES, CITY_SYMBOLS, DARK, LIGHT, Theme
from tests.oracles import figure_checks

DAYS = ["2026-01-01", "2026-02-01", "2026-03-01"]
EAST = Series("East", "line", DAYS, [4, None, 6], "city:0", hover="{y} shot", markers=True)
WEST = Series("West", "line", DAYS, [1, 2, 3], "city:1", hover="{y} shot", markers=True)
EVENTS = pd.DataFrame(
    {
        "city": ["east", "east"],
        "track": ["Slate", "Slate"],
        "since": pd.to_datetime(["2026-01-01", "2026-01-01"]),
        "part": ["notice", "kept"],
        "day": pd.to_datetime(["2026-01-01", "2026-01-02"]),
        "days": [None, 9],
        "said": ["Slate", "Slate"],
        "first": pd.Timestamp("2026-01-01"),
        "last": pd.Timestamp("2026-03-01"),
        "through": pd.Timestamp("2026-02-01"),
    }
)
DRAWING = Drawing(LIGHT, {"east": "East", "west": "West"}, False)
TIMELINE, _ = show_timeline(
    EVENTS,
    DRAWING,
    {"parts.kept": "kept", "parts.notice": "notice"},
    kinds={"kept": "done:yes", "notice": {"symbol": "line-ns-open"}},
)
GRID, _ = show_grid(
    pd.DataFrame(
        {"day": ["Mon"], "hour": ["12 am"], "said": ["7"], "text": ["7"], "colour": ["ramp:2"]}
    ),
    DRAWING,
    {},
    column="hour",
    row="day",
)


def show(rows: list[tuple[str, float | None, float, float | None]]) -> Spec:
    """Ratios of cities, each with its interval."""
    frame = pd.DataFrame(rows, columns=["city", "value", "low", "high"])
    worded = frame.assign(label=frame["city"], said=frame["city"])
    return show_intervals(worded, DRAWING, {}, ratio=True)[0]


SPECS: dict[str, Spec] = {
    "plot": Plot(
        (Panel((EAST, WEST), lines=(ReferenceLine(x="2026-02-01", words="program begins"),)),),
        x=Axis(kind="day", hover="%B %Y"),
        keyed=True,
    ),
    "rows": Rows((Row((BarPart("done:yes", 3, "3"),), label="Housing"),), {"done:yes": "answered"}),
    "intervals": show([("east", 2, 1, 3)]),
    "timeline": TIMELINE,
    "grid": GRID,
    "map": AreaMap(
        figure_checks.squares(["Hill"]),
        (Area("Hill", "#F6C296", "shown", "Hill: 3"),),
        (("1–3", "#F6C296"),),
        "people shot",
        (300, 400),
    ),
}


def drawn(spec: Spec, look: Theme = LIGHT) -> dict[str, Any]:
    figure = draw_figure(spec, look, False)
    figure_checks.assert_valid(figure)
    return figure


@pytest.mark.parametrize("look", [LIGHT, DARK], ids=lambda look: look.name)
@pytest.mark.parametrize("synthetic", [True, False])
@pytest.mark.parametrize("kind", SPECS)
def test_a_kind_is_drawn_the_same_twice_and_says_what_it_is(kind, synthetic, look):
    spec = SPECS[kind]
    figure = draw_figure(spec, look, synthetic)
    assert figure == draw_figure(spec, look, synthetic)
    for picture in (figure, draw_figure(spec, look, synthetic, on_paper=True)):
        figure_checks.assert_valid(picture)
        assert figure_checks.is_marked(picture) == synthetic
        assert all(map(figure_checks.is_coloured, picture["data"]))


def test_nothing_of_one_ground_is_drawn_on_the_other():
    for spec in SPECS.values():
        light, dark = str(drawn(spec)), str(drawn(spec, DARK))
        assert not any(colour in dark for colour in (LIGHT.ink, LIGHT.quiet, LIGHT.grid))
        assert not any(colour in light for colour in (DARK.ink, DARK.quiet, DARK.grid))


def test_what_is_not_known_is_a_gap():
    east, _ = drawn(SPECS["plot"])["data"]
    assert east["y"] == [4, None, 6]
    assert east["connectgaps"] is False


def test_lines_that_share_a_panel_differ_without_their_colours():
    figure = drawn(SPECS["plot"])
    assert [trace["line"]["dash"] for trace in figure["data"]] == list(CITY_DASHES[:2])
    assert [trace["marker"]["symbol"] for trace in figure["data"]] == list(CITY_SYMBOLS[:2])


def test_bars_years_apart_are_as_wide_as_a_year_and_cover_none_between():
    """Of the room there is between them Plotly would take most: 2018 reached over 2016."""
    bars = Series("East", "bar", [2015, 2018, 2023], [4, 5, 6], "city:0")
    plot = Plot((Panel((bars,)),))
    (drawn,) = draw_figure(plot, LIGHT, False)["data"]
    assert drawn["width"] < 1


def test_a_part_of_a_period_is_outlined_and_no_more():
    hollow = [False, True]
    bars = Series("East", "bar", [2025, 2026], [9, 2], "city:0", hollow=hollow)
    points = Series("East", "points", [2025, 2026], [9, 2], "city:0", hollow=hollow)
    for series in (bars, points):
        (trace,) = drawn(Plot((Panel((series,)),)))["data"]
        assert trace["marker"]["color"] == [LIGHT.cities[0], LIGHT.ground]
        assert trace["marker"]["line"]["color"] == LIGHT.cities[0]


def test_a_ratio_of_nought_and_one_without_a_bound_have_a_place_on_the_scale():
    first, second = drawn(show([("east", 0, 0, 0.5), ("west", None, 2, None)]))["data"]
    assert all(0 < x < 1 for x in first["x"])
    assert first["x"] == sorted(first["x"])
    assert second["marker"]["size"] == [1, 1, 1]  # no mark: only a least ratio is known
    assert second["x"][0] == 2 < second["x"][2]


def test_an_interval_reaches_as_far_as_its_ends():
    points = Series("a", "points", ["a", "b"], [3, 4], low=[2, None], high=[5, None])
    (trace,) = drawn(Plot((Panel((points,)),)))["data"]
    assert trace["error_y"]["array"] == [2, None]
    assert trace["error_y"]["arrayminus"] == [1, None]
    line = Series("a", "line", [1, 2], [3, 4], low=[2, 3], high=[5, 6])
    low, high, _ = drawn(Plot((Panel((line,)),)))["data"]
    assert (low["y"], high["y"], high["fill"]) == ([2, 3], [5, 6], "tonexty")
