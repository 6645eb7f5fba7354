"""What PowerPoint has a chart for is one with the figure's values; the rest is a picture."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from pptx.enum.chart import XL_CHART_TYPE

from longevity.charts.drawing import Drawing
from longevity.charts.kinds import KINDS
from longevity.charts.theme import LIGHT, STATES
from longevity.outputs.bundle import powerpoint_chart, slides
from longevity.outputs.bundle.powerpoint_chart import Native, build_native
from longevity.screens.chart_catalogue import chart_list
from tests.conftest import TODAY
from tests.factories.contexts import make_context
from tests.unit.test_chart_template import DRAWN

DRAWING = Drawing(LIGHT, {"east": "East", "west": "West"}, False)
YEARS = pd.DataFrame({"year": [2021, 2022, 2023], "shot": [1, 2, 3], "killed": [1, 1, 1]})
YEARS["named"] = YEARS["year"].astype(str)


def plot(frame: pd.DataFrame, *marks: dict[str, Any], **more: Any) -> Native | None:
    options = {"x": "year", "cities": "", "marks": marks} | more
    names = {"parts.shot": "shot", "parts.killed": "killed"}
    return build_native(KINDS["plot"](frame, DRAWING, names, on_paper=True, **options))


def require(found: Native | None) -> Native:
    assert found is not None
    return found


def test_columns_are_a_series_each_with_a_gap_where_nothing_is_known(settings):
    frame = pd.DataFrame({"month": pd.to_datetime(["2026-01-01", "2026-02-01"])})
    frame["shot"], frame["killed"] = pd.array([4, None], "Int64"), [0, 1]
    parts = {"shot": "yes", "killed": "no"}
    chart = require(plot(frame, x="month", along="days", parts=parts))
    assert chart.categories == ("Jan 2026", "Feb 2026")
    assert [series.values for series in chart.series] == [(4, None), (0, 1)]
    deck = slides.create_deck(settings, "Shootings", TODAY)
    slide = deck.slides.add_slide(deck.slide_layouts[slides.TITLE_LAYOUT])
    drawn = powerpoint_chart.add_chart(slide, chart, (0, 0, 9_000_000, 5_000_000)).chart
    assert [list(series.values) for series in drawn.plots[0].series] == [[4, None], [0, 1]]
    assert drawn.chart_type == XL_CHART_TYPE.COLUMN_STACKED


@pytest.mark.parametrize("kind", STATES["light"])
def test_a_part_that_looks_like_the_ground_has_an_outline(settings, kind):
    frame = pd.DataFrame({"label": ["East"], "of": [2], "rest": [3]})
    parts, names = {"of": kind, "rest": "yes"}, {"parts.of": kind, "parts.rest": "yes"}
    figure = KINDS["rows"](frame, DRAWING, names, parts=parts, on_paper=True)
    deck = slides.create_deck(settings, "Met", TODAY)
    slide = deck.slides.add_slide(deck.slide_layouts[slides.TITLE_LAYOUT])
    native = require(build_native(figure))
    chart = powerpoint_chart.add_chart(slide, native, (0, 0, 9_000_000, 5_000_000)).chart
    part = chart.plots[0].series[0].format
    seen = {str(part.fill.fore_color.rgb), str(part.line.color.rgb)}
    assert seen != {LIGHT.ground.removeprefix("#")}


LINE, BARS = ({"kind": kind, "y": "shot"} for kind in ("line", "bar"))
CITIES = pd.concat([YEARS.assign(city="east"), YEARS.assign(city="west")])


@pytest.mark.parametrize("kind", ["intervals", "grid", "map"])
def test_kinds_that_powerpoint_has_not_are_none(kind):
    assert build_native(DRAWN[kind](on_paper=True)) is None


def test_a_line_is_one_where_it_is_not_bent():
    assert require(plot(YEARS, LINE)).kind == "lines"
    assert plot(YEARS.assign(year=[2000, 2021, 2022]), LINE) is None


@pytest.mark.parametrize(
    "native",
    [
        pytest.param(plot(YEARS, LINE | {"low": "killed", "high": "year"}), id="band"),
        pytest.param(plot(YEARS, LINE | {"look": {"line": {"shape": "hv"}}}), id="steps"),
        pytest.param(
            plot(YEARS.assign(whole=[True, True, False]), BARS | {"whole": "whole"}),
            id="a part of a period, which is hollow",
        ),
        pytest.param(plot(YEARS, LINE, {"kind": "bar", "y": "killed"}), id="two kinds"),
        pytest.param(plot(CITIES, LINE, cities="panels"), id="under each other"),
        pytest.param(plot(YEARS, LINE, LINE), id="what a legend cannot tell apart"),
        pytest.param(plot(YEARS.head(0), LINE), id="nothing"),
    ],
)
def test_what_powerpoint_has_no_chart_for_is_none(native):
    assert native is None


def test_a_withheld_step_is_no_bar_of_nothing_on_a_slide():
    steps = ["invited", "reachable", "attended"]
    frame = pd.DataFrame({"city": "east", "year": 2025, "step": steps})
    frame["members"] = pd.array([9, None, 0], dtype="Int64")
    frame["members_state"] = ["shown", "withheld", "zero"]
    context = make_context({"east": "East"}, public_funnel=frame)
    chart = build_native(chart_list.draw_chart(context, "call-in-steps", {}).chart.printed)
    assert chart is not None
    assert chart.kind == "bars"
    assert chart.series[0].values == (9, None, 0)
    assert chart.categories[1] == "East, Reached by the invitation: withheld"
