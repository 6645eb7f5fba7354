"""What PowerPoint has a chart for is one with the figure's values; the rest is a picture."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from longevity.charts.chart import Drawing
from longevity.charts.figures import shares
from longevity.charts.spec import Panel, Part, Plot, Row, Rows, Series, Spec
from longevity.charts.theme import DONE_COLOURS, DONE_PATTERNS, LIGHT
from longevity.outputs.bundle import powerpoint, powerpoint_chart, slides
from longevity.outputs.bundle.powerpoint import Native, build_native, native
from longevity.settings import Settings
from tests.conftest import TODAY


def figure(*traces: dict[str, Any], **layout: Any) -> dict[str, Any]:
    return {"data": list(traces), "layout": layout}


def made(*traces: dict[str, Any], **layout: Any) -> Native:
    found = native(figure(*traces, **layout))
    assert found is not None
    return found


def test_rows_of_cities_are_one_chart_with_a_series_a_city_and_a_gap_where_nothing_is_known() -> (
    None
):
    chart = made(
        {"type": "bar", "name": "East", "x": ["2026-01-01", "2026-02-01"], "y": [4, pd.NA]},
        {"type": "bar", "name": "West", "x": ["2026-02-01"], "y": [0], "yaxis": "y2"},
    )
    assert chart.categories == ("Jan 2026", "Feb 2026")
    assert [series.values for series in chart.series] == [(4, None), (None, 0)]
    assert not chart.stacked


def test_more_columns_than_one_can_follow_are_lines_with_hollow_ends() -> None:
    months = [f"{year}-{month:02d}-01" for year in (2024, 2025, 2026) for month in range(1, 13)]
    bars = [
        {
            "type": "bar",
            "name": name,
            "x": months,
            "y": list(range(36)),
            "marker": {"color": [colour] * 35 + ["#fff"], "line": {"color": colour, "width": w}},
            "yaxis": axis,
        }
        for name, colour, axis in (("East", "#111111", "y"), ("West", "#222222", "y2"))
        for w in [[0] * 35 + [1.5]]
    ]
    chart = made(*bars)
    assert chart.kind == "lines"
    assert [series.colour for series in chart.series] == ["#111111", "#222222"]
    assert len({series.dash for series in chart.series}) == 2
    assert chart.series[0].faint == (False,) * 35 + (True,)
    assert made(bars[0]).kind == "columns"


def test_years_that_are_missing_do_not_bend_a_line() -> None:
    line = {"type": "scatter", "mode": "lines", "name": "East"}
    assert made(line | {"x": [2020, 2021, 2022], "y": [1, 2, 3]}).kind == "lines"
    assert made(line | {"x": [2000, 2021, 2022], "y": [1, 2, 3]}).kind == "points"


def test_lying_bars_are_named_as_on_the_axis() -> None:
    bar = {"type": "bar", "orientation": "h", "x": [5, 6], "y": [0.4, 1.4]}
    axis = {"tickvals": [0.4, 1.4], "ticktext": ["<b>East</b>", "West"], "autorange": "reversed"}
    chart = made(bar, yaxis=axis)
    assert (chart.kind, chart.categories, chart.reversed) == ("bars", ("East", "West"), True)


def test_the_ends_of_intervals_are_those_of_the_figure() -> None:
    bars = {"array": [1, 2], "arrayminus": [0.5, 1], "symmetric": False}
    (series,) = made({"type": "bar", "x": ["a", "b"], "y": [3, 4], "error_y": bars}).series
    assert (series.above, series.below) == ((1, 2), (0.5, 1))


@pytest.mark.parametrize(
    "trace",
    [
        pytest.param({"type": "heatmap", "z": [[1]], "x": [1], "y": [1]}, id="heat map"),
        pytest.param({"type": "choroplethmap", "z": [1], "x": [1]}, id="map"),
        pytest.param({"type": "scatter", "x": [1, 2], "y": [1, 2], "fill": "toself"}, id="area"),
        pytest.param(
            {"type": "scatter", "x": [1, 2], "y": [1, 2], "line": {"shape": "hv"}}, id="steps"
        ),
        pytest.param({"type": "bar", "x": [1, 2], "y": [1, 2], "base": [0, 1]}, id="floating bars"),
        pytest.param({"type": "bar", "orientation": "h", "x": [1], "y": [-1.4]}, id="no name"),
    ],
)
def test_what_powerpoint_has_no_chart_for_is_none(trace: dict[str, Any]) -> None:
    assert native(figure(trace)) is None


def test_named_rows_of_low_middle_and_high_are_bars_with_their_intervals() -> None:
    axis = {"tickvals": [0, 1], "ticktext": ["East", "West"], "range": [1.6, -0.75]}
    rows = [
        {"type": "scatter", "mode": "lines+markers+text", "name": name, "x": x, "y": [at] * 3}
        for at, (name, x) in enumerate({"East": [4, 6, 9], "West": [1, 1, 1]}.items())
    ]
    chart = made(*rows, yaxis=axis)
    # From below, as a slide's bars begin.
    assert (chart.kind, chart.categories) == ("bars", ("West", "East"))
    (series,) = chart.series
    assert (series.values, series.below, series.above) == ((1, 6), (0, 2), (0, 3))
    # A row without a name has no bar to stand for it.
    assert made(*rows, yaxis=axis | {"ticktext": ["East"]}).kind != "bars"


def test_the_axis_of_a_slide_holds_the_whole_interval(settings: Settings) -> None:
    bars = {"array": [40, 1], "arrayminus": [1, 1]}
    chart = made({"type": "bar", "x": ["a", "b"], "y": [95, 4], "error_y": bars})
    deck = slides.deck(settings, "Shootings", TODAY)
    slide = deck.slides.add_slide(deck.slide_layouts[slides.TITLE_LAYOUT])
    frame = powerpoint_chart.add(slide, chart, (0, 0, 9_000_000, 5_000_000))
    assert frame.chart.value_axis.maximum_scale == 140


def test_a_withheld_step_is_no_bar_of_nothing_on_a_slide() -> None:
    steps = ["invited", "reachable", "attended"]
    frame = pd.DataFrame({"city": "east", "year": 2025, "step": steps})
    frame["members"] = pd.array([9, None, 0], dtype="Int64")
    frame["members_state"] = ["shown", "withheld", "zero"]
    drawn = shares.draw_steps(frame, Drawing(LIGHT, {"east": "East"}, False), "Title")
    chart = build_native(drawn.spec)
    assert chart is not None
    # From below: the last step is the lowest bar.
    assert chart.series[0].values == (0, None, 9)
    assert chart.categories[1] == "Reached by the invitation: withheld"


def test_a_bar_on_a_slide_has_its_colour_and_is_hollow_only_where_a_period_is_not_whole() -> None:
    part = Part("done:late", 3, "3")
    (series,) = built(Rows((Row((part,), label="A"), Row((part,), label="B")), {"done:late": "x"}))
    assert series.colour == DONE_COLOURS["light"]["late"]
    assert (series.pattern, series.faint) == (DONE_PATTERNS["late"], ())
    hollow = Series("People", "bar", [1, 2], [3, 4], "city:1", hollow=[False, True])
    (bars,) = built(Plot((Panel((hollow,)),)))
    assert (bars.colour, bars.faint) == (LIGHT.cities[1], (False, True))


def built(spec: Spec) -> tuple[powerpoint.Series, ...]:
    chart = build_native(spec)
    assert chart is not None
    return chart.series


def test_what_stands_in_words_below_a_bar_is_not_lost_on_a_slide() -> None:
    row = Row((Part("step:lost", 7, "7"),), heading="50 invited", below=("7 not reached",))
    assert build_native(Rows((row,), {"step:lost": "lost here"})) is None


def test_bars_stacked_in_rows_are_not_stacked_on_each_other() -> None:
    bars = [{"type": "bar", "name": n, "x": [1], "y": [1], "yaxis": n} for n in ("y", "y2")]
    assert native(figure(*bars, barmode="stack")) is None


def test_series_without_a_name_are_no_chart_since_a_legend_could_not_tell_them() -> None:
    lines = [{"type": "scatter", "x": [1, 2], "y": [at, 1]} for at in (1, 2)]
    assert native(figure(*lines)) is None
