"""The kinds: each is drawn alike, on every ground, and nothing is made up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd
import pytest

from longevity.charts.drawing import Drawing
from longevity.charts.kinds import KINDS
from longevity.charts.template.maps import Area, AreaMap
from longevity.charts.theme import CITY_DASHES, CITY_SYMBOLS, DARK, LIGHT, Theme
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
MARKED = [{"kind": "line", "y": "shot", "markers": True}]
CELLS = pd.DataFrame({"day": ["Mon"], "hour": ["12 am"], "said": ["7"], "text": ["7"], "colour": ["ramp:2"]})
DRAWING = Drawing(LIGHT, {"east": "East", "west": "West"}, False)
Draw = Callable[..., dict[str, Any]]  # with a drawing, and on_paper


def give(kind: str, frame: pd.DataFrame, words: dict[str, str], **options: Any) -> Draw:
    """What draws a frame as a kind does."""

    def draw(drawing: Drawing = DRAWING, **more: Any) -> dict[str, Any]:
        return KINDS[kind](frame, drawing, words, **options, **more)

    return draw


def draw_ratios(rows: list[tuple[str, float | None, float, float | None]]) -> Draw:
    """Ratios of cities, each with its interval."""
    frame = pd.DataFrame(rows, columns=["city", "value", "low", "high"])
    worded = frame.assign(label=frame["city"], said=frame["city"])
    return give("intervals", worded, {}, ratio=True)


def draw_map(drawing: Drawing = DRAWING, **more: Any) -> dict[str, Any]:
    areas = (Area("Hill", "#F6C296", "shown", "Hill: 3"),)
    boundaries = figure_checks.squares(["Hill"])
    key = (("1–3", "#F6C296"),)
    return AreaMap(drawing, boundaries, areas, key, "people shot", (300, 400))(**more)


lines = partial(give, "plot", LINES, {"rule": "program begins"}, x="day", marks=MARKED)
DRAWN: dict[str, Draw] = {
    "plot": lines(along="days", cities="series", rule="begins", keyed=True),
    "rows": give(
        "rows",
        pd.DataFrame({"answered": [3], "label": ["Housing"]}),
        {"parts.answered": "answered"},
        parts={"answered": "yes"},
    ),
    "intervals": draw_ratios([("east", 2, 1, 3)]),
    "grid": give("grid", CELLS, {}, column="hour", row="day"),
    "map": draw_map,
}


def draw_checked(draw: Draw, look: Theme = LIGHT) -> dict[str, Any]:
    figure = draw(replace(DRAWING, theme=look))
    figure_checks.assert_valid(figure)
    return figure


@pytest.mark.parametrize("look", [LIGHT, DARK], ids=lambda look: look.name)
@pytest.mark.parametrize("synthetic", [True, False])
@pytest.mark.parametrize("kind", DRAWN)
def test_a_kind_is_drawn_the_same_twice_and_says_what_it_is(kind, synthetic, look):
    drawing = replace(DRAWING, theme=look, synthetic=synthetic)
    figure = DRAWN[kind](drawing)
    assert figure == DRAWN[kind](drawing)
    for picture in (figure, DRAWN[kind](drawing, on_paper=True)):
        figure_checks.assert_valid(picture)
        assert figure_checks.is_marked(picture) == synthetic
        assert all(map(figure_checks.is_coloured, picture["data"]))


def test_nothing_of_one_ground_is_drawn_on_the_other():
    for draw in DRAWN.values():
        light, dark = str(draw_checked(draw)), str(draw_checked(draw, DARK))
        assert not any(colour in dark for colour in (LIGHT.ink, LIGHT.quiet, LIGHT.grid))
        assert not any(colour in light for colour in (DARK.ink, DARK.quiet, DARK.grid))


def test_what_is_not_known_is_a_gap():
    east, _ = draw_checked(DRAWN["plot"])["data"]
    assert east["y"] == [4, None, 6]
    assert east["connectgaps"] is False


def test_lines_that_share_a_panel_differ_without_their_colours():
    figure = draw_checked(DRAWN["plot"])
    assert [trace["line"]["dash"] for trace in figure["data"]] == list(CITY_DASHES[:2])
    assert [trace["marker"]["symbol"] for trace in figure["data"]] == list(CITY_SYMBOLS[:2])


def draw_years(years: list[int], mark: dict[str, Any], **columns: Any) -> list[dict[str, Any]]:
    """The traces of a city's years."""
    frame = pd.DataFrame({"city": "east", "year": years, **columns})
    figure: dict[str, Any] = draw_checked(give("plot", frame, {}, x="year", marks=[mark]))
    traces: list[dict[str, Any]] = figure["data"]
    return traces


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


def test_a_ratio_of_nought_and_one_without_a_bound_have_a_place_on_the_scale():
    ratios = draw_ratios([("east", 0, 0, 0.5), ("west", None, 2, None)])
    first, second = draw_checked(ratios)["data"]
    assert all(0 < x < 1 for x in first["x"])
    assert first["x"] == sorted(first["x"])
    assert second["marker"]["size"] == [1, 1, 1]  # no mark: only a least ratio is known
    assert second["x"][0] == 2 < second["x"][2]


def test_a_band_reaches_from_its_lower_to_its_upper_ends():
    ends = {"y": "rate", "low": "low", "high": "high"}
    known = {"rate": [3, 4], "low": [2, 3], "high": [5, 6]}
    low, high, _ = draw_years([2025, 2026], {"kind": "line", **ends}, **known)
    assert (low["y"], high["y"], high["fill"]) == ([2, 3], [5, 6], "tonexty")
