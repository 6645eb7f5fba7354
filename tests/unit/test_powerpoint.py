"""What PowerPoint has a chart for is one with the spec's values; the rest is a picture."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from longevity.charts.spec import (
    AreaMap,
    BarPart,
    Grid,
    Panel,
    Plot,
    Row,
    Rows,
    Series,
    Spec,
    Timeline,
)
from pptx.enum.chart import XL_CHART_TYPE

from longevity.charts.theme import LIGHT, STATES
from longevity.outputs.bundle import powerpoint_chart, slides
from longevity.outputs.bundle.powerpoint_chart import Native, build_native
from longevity.screens.chart_catalogue import chart_list
from tests.conftest import TODAY
from tests.factories.contexts import make_context


def plot(*series: Series, **more: Any) -> Plot:
    return Plot((Panel(series),), **more)


def panels(*series: Series, **more: Any) -> Plot:
    """A panel a series, as cities have."""
    return Plot(tuple(Panel((each,), each.name) for each in series), **more)


def made(spec: Spec) -> Native:
    found = build_native(spec)
    assert found is not None
    return found


def test_columns_are_a_series_each_with_a_gap_where_nothing_is_known(settings):
    chart = made(
        plot(
            Series("East", "bar", ["2026-01-01", "2026-02-01"], [4, None], hollow=[False, True]),
            Series("West", "bar", ["2026-02-01"], [0]),
            stacked=True,
        )
    )
    assert chart.categories == ("Jan 2026", "Feb 2026")
    assert [series.values for series in chart.series] == [(4, None), (None, 0)]
    deck = slides.create_deck(settings, "Shootings", TODAY)
    slide = deck.slides.add_slide(deck.slide_layouts[slides.TITLE_LAYOUT])
    drawn = powerpoint_chart.add_chart(slide, chart, (0, 0, 9_000_000, 5_000_000)).chart
    assert [list(series.values) for series in drawn.plots[0].series] == [[4, None], [None, 0]]
    assert drawn.chart_type == XL_CHART_TYPE.COLUMN_STACKED


@pytest.mark.parametrize("kind", STATES["light"])
def test_a_part_that_looks_like_the_ground_has_an_outline(settings, kind):
    colours = {f"done:{kind}": kind, "done:yes": "yes"}
    parts = BarPart(f"done:{kind}", 2, "2"), BarPart("done:yes", 3, "3")
    deck = slides.create_deck(settings, "Met", TODAY)
    slide = deck.slides.add_slide(deck.slide_layouts[slides.TITLE_LAYOUT])
    native = made(Rows((Row(parts, label="East"),), colours))
    chart = powerpoint_chart.add_chart(slide, native, (0, 0, 9_000_000, 5_000_000)).chart
    part = chart.plots[0].series[0].format
    seen = {str(part.fill.fore_color.rgb), str(part.line.color.rgb)}
    assert seen != {LIGHT.ground.removeprefix("#")}


LINE = Series("East", "line", [1, 2, 3], [1, 2, 3])


@pytest.mark.parametrize(
    "spec",
    [
        pytest.param(Grid(pd.DataFrame(), [""], [], "", {}, 50), id="grid"),
        pytest.param(AreaMap({"features": []}, (), (), "people", (1, 1)), id="map"),
        pytest.param(Timeline(pd.DataFrame(), {}, {}, {}, {}, False, False, 24), id="days"),
        pytest.param(plot(replace(LINE, low=[0, 1, 2], high=[2, 3, 4])), id="band"),
        pytest.param(plot(replace(LINE, stepped=True)), id="steps"),
        pytest.param(plot(LINE, replace(LINE, name="West", kind="bar")), id="two kinds"),
        pytest.param(plot(replace(LINE, kind="words", labels=["?"] * 3)), id="words"),
        pytest.param(panels(LINE, replace(LINE, name="West"), lying=True), id="side by side"),
        pytest.param(plot(replace(LINE, kind="bar", low=[0, 1, 2], high=[2, 3, 4])), id="interval"),
        pytest.param(plot(replace(LINE, x=[2000, 2021, 2022])), id="a line that would be bent"),
        pytest.param(panels(LINE, replace(LINE, name="West")), id="under each other"),
        pytest.param(plot(LINE, LINE), id="what a legend cannot tell apart"),
        pytest.param(plot(), id="nothing"),
    ],
)
def test_what_powerpoint_has_no_chart_for_is_none(spec):
    assert build_native(spec) is None


def test_a_withheld_step_is_no_bar_of_nothing_on_a_slide():
    steps = ["invited", "reachable", "attended"]
    frame = pd.DataFrame({"city": "east", "year": 2025, "step": steps})
    frame["members"] = pd.array([9, None, 0], dtype="Int64")
    frame["members_state"] = ["shown", "withheld", "zero"]
    context = make_context({"east": "East"}, public_funnel=frame)
    chart = build_native(chart_list.draw_chart(context, "call-in-steps", {}).chart.spec)
    assert chart is not None
    assert chart.downward
    assert chart.series[0].values == (9, None, 0)
    assert chart.categories[1] == "Reached by the invitation: withheld"
