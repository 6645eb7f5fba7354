"""What PowerPoint has a chart for is one with the spec's values; the rest is a picture."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from longevity.charts.spec import (
    AreaMap,
    Block,
    Cell,
    Grid,
    Panel,
    Plot,
    Series,
    Spec,
    Timeline,
)
from longevity.outputs.bundle import powerpoint_chart, slides
from longevity.outputs.bundle.powerpoint import Native, build_native
from longevity.reports.chart_catalogue import catalogue
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


def test_rows_of_cities_are_one_chart_with_a_series_a_city_and_a_gap_where_nothing_is_known():
    chart = made(
        panels(
            Series("East", "bar", ["2026-01-01", "2026-02-01"], [4, None]),
            Series("West", "bar", ["2026-02-01"], [0]),
        )
    )
    assert chart.categories == ("Jan 2026", "Feb 2026")
    assert [series.values for series in chart.series] == [(4, None), (None, 0)]
    assert not chart.stacked


LINE = Series("East", "line", [1, 2], [1, 2])


@pytest.mark.parametrize(
    "spec",
    [
        pytest.param(Grid((Block((Cell(0, 0, "ink", "1", "1"),)),), ("",)), id="grid"),
        pytest.param(AreaMap({"features": []}, (), (), "people", (1, 1)), id="map"),
        pytest.param(Timeline(pd.DataFrame(), {}, {}, {}, {}, False, False, 24), id="days"),
        pytest.param(plot(replace(LINE, low=[0, 1], high=[2, 3])), id="band"),
        pytest.param(plot(replace(LINE, stepped=True)), id="steps"),
        pytest.param(plot(replace(LINE, kind="range", low=[0, 1], high=[2, 3])), id="ranges"),
        pytest.param(plot(LINE, replace(LINE, name="West", kind="bar")), id="two kinds"),
        pytest.param(plot(replace(LINE, kind="words", labels=["?", "?"])), id="words"),
        pytest.param(panels(LINE, replace(LINE, name="West"), lying=True), id="side by side"),
        pytest.param(plot(), id="nothing"),
    ],
)
def test_what_powerpoint_has_no_chart_for_is_none(spec):
    assert build_native(spec) is None


def test_the_axis_of_a_slide_holds_the_whole_interval(settings):
    chart = made(plot(Series("a", "bar", ["a", "b"], [95, 4], low=[94, 3], high=[135, 5])))
    deck = slides.create_deck(settings, "Shootings", TODAY)
    slide = deck.slides.add_slide(deck.slide_layouts[slides.TITLE_LAYOUT])
    frame = powerpoint_chart.add_chart(slide, chart, (0, 0, 9_000_000, 5_000_000))
    assert frame.chart.value_axis.maximum_scale == 140


def test_a_withheld_step_is_no_bar_of_nothing_on_a_slide():
    steps = ["invited", "reachable", "attended"]
    frame = pd.DataFrame({"city": "east", "year": 2025, "step": steps})
    frame["members"] = pd.array([9, None, 0], dtype="Int64")
    frame["members_state"] = ["shown", "withheld", "zero"]
    context = make_context({"east": "East"}, public_funnel=frame)
    chart = build_native(catalogue.draw_chart(context, "call-in-steps", {}).chart.spec)
    assert chart is not None
    # From below: the last step is the lowest bar.
    assert chart.series[0].values == (0, None, 9)
    assert chart.categories[1] == "Reached by the invitation: withheld"


def test_the_ends_of_intervals_are_those_of_the_spec():
    (series,) = made(plot(Series("a", "bar", ["a", "b"], [3, 4], low=[2.5, 3], high=[4, 6]))).series
    assert (series.above, series.below) == ((1, 2), (0.5, 1))


def test_years_that_are_missing_do_not_bend_a_line():
    bent = made(plot(Series("East", "line", [2000, 2021, 2022], [1, 2, 3])))
    assert (bent.kind, bent.series[0].x) == ("points", (2000, 2021, 2022))


def test_series_of_one_name_are_no_chart_since_a_legend_could_not_tell_them():
    assert build_native(plot(LINE, LINE)) is None
